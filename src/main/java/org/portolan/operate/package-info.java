/**
 * What may be asked of a deployment, whoever asks: a person, a hook, later a controller or an API.
 *
 * <ul>
 *   <li>A {@link org.portolan.operate.Request} says what is wanted: of most a release comes, the others change what the store keeps
 *       ({@link org.portolan.operate.StateChanges}), or data.
 *   <li>{@link org.portolan.operate.Deployer} takes the deployment's lock, looks at store, engine and proxies ({@link
 *       org.portolan.operate.SnapshotSource}), lets {@link org.portolan.operate.RequestEvaluator} compute what the request comes to
 *       from the state that it read under the lock, plans, and hands the plan to {@code release}.
 *   <li>What needs consent (a prune, a take-over) fails with {@link org.portolan.model.NeedsConsent} until the request's {@link
 *       org.portolan.operate.Mandate} has it.
 * </ul>
 */
@NullMarked
package org.portolan.operate;

import org.jspecify.annotations.NullMarked;
