/**
 * The controller: of several processes of an installation one leads, looks at sources, engine and proxies, and keeps what runs
 * at what is to be. Everything that happens only marks a source or a deployment; a run of it looks at what is and acts. So a lost
 * event delays, and a repeated one costs a look.
 *
 * <pre>
 *   pushes, hooks, polls ─┐                       ┌─▶ SourceRun: read a source, say which deployments it declares ─┐
 *   container events ─────┤   mark    WorkQueue   │                                                                │ mark
 *   FullLook, each minute ┼─────────▶ (reconcile) ┤   at most one run of each, so many side by side                │
 *   instructions, timers ─┤                       │                                                                ▼
 *   failures, later ──────┘                       └─▶ DeploymentRun: deploy what its source says, else repair ─▶ Operations
 * </pre>
 *
 * <p>Read {@link org.portolan.controller.Controller} (one process: waits, leads, loses), then {@code Term} (the time in which it
 * leads), {@code SourceRun} and {@code DeploymentRun}. A run acts through an installation whose store, engine and proxies ask first
 * whether this process still leads ({@code LeaderStore}, {@code SharedEngine}, {@code LeaderProxy}): nothing else has to remember it.
 *
 * <p>Words:
 * <dl>
 *   <dt>mark
 *   <dd>says that something may be different; marks of before a run are one, those during it cause exactly one more
 *   <dt>standing
 *   <dd>what is kept of a source or a deployment for people and for the next leader: condition, commit, what was applied
 *   <dt>instruction
 *   <dd>what a person decided: suspend, resume, approve; kept in the store, so that it holds whoever leads
 *   <dt>door
 *   <dd>something that listens while this process leads: the API, the Git server
 *   <dt>term
 *   <dd>the time in which one process leads, and all that it knows meanwhile
 * </dl>
 */
@NullMarked
package org.portolan.controller;

import org.jspecify.annotations.NullMarked;
