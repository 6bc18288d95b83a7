package org.portolan.rollout;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.portolan.databases.DatabasesView;
import org.portolan.jobs.JobsView;
import org.portolan.plan.DesiredRelease;

/**
 * A release in progress at one moment: all that {@link ReleaseMachine} sees.
 *
 * @param goal what is to be reached
 * @param instances every container of every service, those of leaving services too
 * @param leaving what is known of the services that leave
 * @param replace containers of the goal's own versions that shall be replaced (a restart)
 * @param progresses what must be remembered, by service
 * @param gates what is known of the gates, by service
 * @param forward false while the release is rolled back
 * @param domainsApplied whether the proxies have the goal's domains
 * @param jobs the jobs that run before new versions start
 * @param databases the databases that new versions require
 * @param parallel how many services roll at the same time
 */
public record ReleaseView(
        DesiredRelease goal,
        SortedMap<String, List<InstanceView>> instances,
        Map<String, Leaving> leaving,
        Set<String> replace,
        Map<String, RolloutProgress> progresses,
        Map<String, Analysis> gates,
        boolean forward,
        boolean domainsApplied,
        JobsView jobs,
        DatabasesView databases,
        int parallel) {}
