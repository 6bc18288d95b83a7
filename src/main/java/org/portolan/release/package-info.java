/**
 * Brings a release about, from its first line in the store to its outcome.
 *
 * <pre>
 *   ReleaseRun ── writes the release down, provides images, networks, volumes (ImagePuller, Provisioner)
 *       │
 *       ▼
 *   Executor ── observe (Instances) ─▶ rollout decides ─▶ write down (ReleaseLog) ─▶ act (Steps, the proxy) ─▶ again
 *       │                                                      AnalysisRunner, SlowWaitNotice, EventRecorder beside it
 *       ├─ reached ─▶ the release is good; older releases, versions and images go (Retention, OldImages)
 *       └─ failed  ─▶ ReleaseRollback goes back to the RollbackTarget by the same Executor
 * </pre>
 *
 * <p>All of it runs under the deployment's lock; every write is fenced by it. State that the store lost is rebuilt from what
 * runs ({@link org.portolan.release.StateRecovery}).
 */
@NullMarked
package org.portolan.release;

import org.jspecify.annotations.NullMarked;
