/**
 * The Git server: receives pushes over SSH, checks what is pushed before a branch moves, and tells whoever pushed how its release goes.
 * It runs nothing but receive-pack and upload-pack, both in this process.
 */
@NullMarked
package org.portolan.gitserver;

import org.jspecify.annotations.NullMarked;
