/**
 * The state machine of a rollout and its strategies: from what is seen of a deployment's instances to what is to be done next. Pure:
 * no engine, no proxy, no store, no clock and no threads; the time is an input. Who acts on its decisions and feeds it observations is
 * the executor.
 *
 * <p>It is level-triggered: it keeps no plan, and is asked again after every change. One round:
 *
 * <pre>
 *   observations ─▶ InstanceState ─▶ InstanceView ─▶ ServiceView ─▶ strategy ─▶ ServiceTargets ─▶ TargetSteps ─▶ steps,
 *   (engine, proxy,  (folded; its     (at one         (one service:   (a          (per instance      (the next      orders to
 *    checks)          startup check    moment)         target and      function)   what is wanted)    step)          the proxy
 *                     judged)                          others)
 * </pre>
 *
 * <p>An instance's phases ({@code Phase}, derived from what is seen and never kept):
 *
 * <pre>
 *            start          healthy for min_healthy      given to the proxy        the proxy says UP
 *   CREATED ───────▶ STARTED ─────────────────▶ HEALTHY ──────────────▶ ROUTED ──────────────▶ SERVING
 *      ▲                │                          │                      │                      │
 *      │ create         │ exits, unhealthy,        │                      │                      │ is to leave
 *      │                │ late                     ▼                      ▼                      ▼
 *    (none)             └──────────────────────▶ FAILED ◀── during its startup check only     DRAINING
 *      ▲                                                                                         │ no sessions, or
 *      │ remove                  stop: signal, grace                                             ▼ stop.drain is over
 *    STOPPED ◀──────────────────────────────────────────────────────────────────────────────  DRAINED
 * </pre>
 *
 * <p>Without ports HEALTHY is SERVING, and an instance is stopped without a drain.
 *
 * <p>Beside the machine lie the pure makers that its executor needs: {@code InstanceFactory} (an instance to its container),
 * {@code RouteSetBuilder} (targets to what the proxies get) and {@code TrafficStats} (the proxy's counters to rates).
 *
 * <p>Words:
 * <dl>
 *   <dt>target, others
 *   <dd>the instances of the version that the release is to reach, at most as many as the scale; all the rest, which leave
 *   <dt>startup check
 *   <dd>what an instance must pass before it gets traffic ({@code Startup}: none, running, passed, failed)
 *   <dt>carries
 *   <dd>serves and has a share of the traffic
 *   <dt>impaired
 *   <dd>out of order without the run's doing: reported, not waited for
 *   <dt>forward
 *   <dd>towards the files; a rollback is the same machine with the last good release as its goal, without bake times and gates
 *   <dt>bake time
 *   <dd>how long new instances run beside old ones before a rollout continues
 * </dl>
 */
@NullMarked
package org.portolan.rollout;

import org.jspecify.annotations.NullMarked;
