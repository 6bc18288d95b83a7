/** Where desired state comes from: a folder, a Git work tree or a commit, read as a tree of files. */
@NullMarked
package org.portolan.source;

import org.jspecify.annotations.NullMarked;
