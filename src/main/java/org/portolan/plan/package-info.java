/**
 * The difference between desired and observed, as ordered actions with reasons. Pure: values in, values out; asked for the same
 * twice it says the same, so that a saved plan has a fingerprint.
 *
 * <pre>
 *   Desired (files) ───────┐
 *   DeploymentState (store)├─▶ Planner ─▶ Plan: actions with reasons, what needs consent, warnings
 *   Observation (engine)   │     │
 *   ProxyState (proxies) ──┘     └─▶ DesiredRelease: what the executor is to reach
 * </pre>
 *
 * <p>Words:
 * <dl>
 *   <dt>version
 *   <dd>a number for a definition; a new one is given when the definition's hash differs from the last one's
 *   <dt>drift
 *   <dd>what is observed differs from the last release although nothing new is desired: repaired without a new version
 *   <dt>prune
 *   <dd>removal of services, domains or deployments that the files no longer declare; more than half needs consent
 *   <dt>adopt
 *   <dd>to replace containers that another installation made
 * </dl>
 */
@NullMarked
package org.portolan.plan;

import org.jspecify.annotations.NullMarked;
