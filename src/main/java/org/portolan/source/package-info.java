/**
 * Where desired state comes from: a folder, a Git work tree or a commit, read as a tree of files, and the port that
 * opens one ({@link org.portolan.source.Sources}). A tree never shows anything outside its root. Addresses are put into
 * one normal form ({@link org.portolan.source.GitAddress}), so that equal sources have equal ids.
 */
@NullMarked
package org.portolan.source;

import org.jspecify.annotations.NullMarked;
