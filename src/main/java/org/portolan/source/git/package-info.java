/**
 * Git through JGit: work trees, mirrors of remote repositories, files read from commits, and the hook that deploys what
 * is pushed. The only package that knows JGit. Neither the user's nor the system's Git configuration is read. May
 * import: model, source, process.
 */
@NullMarked
package org.portolan.source.git;

import org.jspecify.annotations.NullMarked;
