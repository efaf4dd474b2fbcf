<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>tiphys::models::ActList</name>
    <message numerus="yes">
        <source>Refresh %n application(s)</source>
        <translation>
            <numerusform>Refresh %n application</numerusform>
            <numerusform>Refresh %n applications</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Hard refresh of %n application(s)</source>
        <translation>
            <numerusform>Hard refresh of %n application</numerusform>
            <numerusform>Hard refresh of %n applications</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Sync %n application(s)</source>
        <comment>verb</comment>
        <translation>
            <numerusform>Sync %n application</numerusform>
            <numerusform>Sync %n applications</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stop the operations of %n application(s)</source>
        <translation>
            <numerusform>Stop the operation of %n application</numerusform>
            <numerusform>Stop the operations of %n applications</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n done</source>
        <translation>
            <numerusform>%n done</numerusform>
            <numerusform>%n done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not begun</source>
        <translation>
            <numerusform>%n not begun</numerusform>
            <numerusform>%n not begun</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not possible</source>
        <translation>
            <numerusform>%n not possible</numerusform>
            <numerusform>%n not possible</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::AttentionList</name>
    <message numerus="yes">
        <source>%n application(s)</source>
        <translation>
            <numerusform>%n application</numerusform>
            <numerusform>%n applications</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cluster(s)</source>
        <translation>
            <numerusform>%n cluster</numerusform>
            <numerusform>%n clusters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 What is shown of its %n application(s) is old.</source>
        <translation>
            <numerusform>%1 What is shown of its %n application is old.</numerusform>
            <numerusform>%1 What is shown of its %n applications is old.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::ClusterList</name>
    <message numerus="yes">
        <source>%n application(s)</source>
        <translation>
            <numerusform>%n application</numerusform>
            <numerusform>%n applications</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::Comparing</name>
    <message numerus="yes">
        <source>%1: %2 agrees, %n object(s)</source>
        <translation>
            <numerusform>%1: %2 agrees, %n object</numerusform>
            <numerusform>%1: %2 agrees, %n objects</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) that applications refer to are not here yet: %1</source>
        <translation>
            <numerusform>%n thing that applications refer to is not here yet: %1</numerusform>
            <numerusform>%n things that applications refer to are not here yet: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n source(s) are rendered differently by the tools of this machine.</source>
        <translation>
            <numerusform>%n source is rendered differently by the tools of this machine.</numerusform>
            <numerusform>%n sources are rendered differently by the tools of this machine.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The tools of this machine agree on %n source(s).</source>
        <translation>
            <numerusform>The tools of this machine agree on %n source.</numerusform>
            <numerusform>The tools of this machine agree on %n sources.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n source(s) could not be verified.</source>
        <translation>
            <numerusform>%n source could not be verified.</numerusform>
            <numerusform>%n sources could not be verified.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be verified.</source>
        <translation>
            <numerusform>%n could not be verified.</numerusform>
            <numerusform>%n could not be verified.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::ComparisonTree</name>
    <message numerus="yes">
        <source>%1: the same change in %n object(s)</source>
        <translation>
            <numerusform>%1: the same change in %n object</numerusform>
            <numerusform>%1: the same change in %n objects</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n application(s) differ</source>
        <translation>
            <numerusform>%1 of %n application differs</numerusform>
            <numerusform>%1 of %n applications differ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n resource(s)</source>
        <translation>
            <numerusform>%n resource</numerusform>
            <numerusform>%n resources</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n added</source>
        <translation>
            <numerusform>%n added</numerusform>
            <numerusform>%n added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n removed</source>
        <translation>
            <numerusform>%n removed</numerusform>
            <numerusform>%n removed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n changed file(s) in no application:</source>
        <translation>
            <numerusform>%n changed file in no application:</numerusform>
            <numerusform>%n changed files in no application:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::DiffList</name>
    <message numerus="yes">
        <source>%n resource(s) differ</source>
        <translation>
            <numerusform>%n resource differs</numerusform>
            <numerusform>%n resources differ</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::Lanes</name>
    <message numerus="yes">
        <source>%n more version(s)</source>
        <translation>
            <numerusform>%n more version</numerusform>
            <numerusform>%n more versions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::Machine</name>
    <message numerus="yes">
        <source>%n application(s)</source>
        <translation>
            <numerusform>%n application</numerusform>
            <numerusform>%n applications</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::Parameter</name>
    <message numerus="yes">
        <source>%n line(s) of the application change.</source>
        <translation>
            <numerusform>%n line of the application changes.</numerusform>
            <numerusform>%n lines of the application change.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n resource(s) will be rendered differently.</source>
        <translation>
            <numerusform>%n resource will be rendered differently.</numerusform>
            <numerusform>%n resources will be rendered differently.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::ResourceFilter</name>
    <message numerus="yes">
        <source>%n resource(s)</source>
        <translation>
            <numerusform>%n resource</numerusform>
            <numerusform>%n resources</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::Sync</name>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n deletion(s)</source>
        <translation>
            <numerusform>%n deletion</numerusform>
            <numerusform>%n deletions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hook(s)</source>
        <translation>
            <numerusform>%n hook</numerusform>
            <numerusform>%n hooks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Create %n object(s)</source>
        <translation>
            <numerusform>Create %n object</numerusform>
            <numerusform>Create %n objects</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Change %n object(s)</source>
        <translation>
            <numerusform>Change %n object</numerusform>
            <numerusform>Change %n objects</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n object(s) that are no longer in Git</source>
        <translation>
            <numerusform>Delete %n object that is no longer in Git</numerusform>
            <numerusform>Delete %n objects that are no longer in Git</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Run %n hook(s)</source>
        <translation>
            <numerusform>Run %n hook</numerusform>
            <numerusform>Run %n hooks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keep %n object(s) that are no longer in Git</source>
        <translation>
            <numerusform>Keep %n object that is no longer in Git</numerusform>
            <numerusform>Keep %n objects that are no longer in Git</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Skip %n object(s)</source>
        <translation>
            <numerusform>Skip %n object</numerusform>
            <numerusform>Skip %n objects</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Apply %n object(s) that already match</source>
        <translation>
            <numerusform>Apply %n object that already matches</numerusform>
            <numerusform>Apply %n objects that already match</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Sync %n selected object(s) of %1 to %2: %3</source>
        <translation>
            <numerusform>Sync %n selected object of %1 to %2: %3</numerusform>
            <numerusform>Sync %n selected objects of %1 to %2: %3</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::models::Words</name>
    <message numerus="yes">
        <source>%n source(s)</source>
        <translation>
            <numerusform>%n source</numerusform>
            <numerusform>%n sources</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::ActsDialog</name>
    <message numerus="yes">
        <source>Asking %n application(s)…</source>
        <translation>
            <numerusform>Asking %n application…</numerusform>
            <numerusform>Asking %n applications…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Try %n again</source>
        <comment>applications that failed or were not begun</comment>
        <translation>
            <numerusform>Try %n again</numerusform>
            <numerusform>Try %n again</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::AppNotifier</name>
    <message numerus="yes">
        <source>%n application(s) became Degraded or failed to sync.</source>
        <translation>
            <numerusform>%n application became Degraded or failed to sync.</numerusform>
            <numerusform>%n applications became Degraded or failed to sync.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::ApplicationPage</name>
    <message numerus="yes">
        <source>%n retry(s)</source>
        <translation>
            <numerusform>%n retry</numerusform>
            <numerusform>%n retries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete the %n resource(s) first, then the application</source>
        <translation>
            <numerusform>Delete the %n resource first, then the application</numerusform>
            <numerusform>Delete the %n resources first, then the application</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete the application, and its %n resource(s) in the background</source>
        <translation>
            <numerusform>Delete the application, and its %n resource in the background</numerusform>
            <numerusform>Delete the application, and its %n resources in the background</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete only the application; its %n resource(s) stay</source>
        <translation>
            <numerusform>Delete only the application; its %n resource stays</numerusform>
            <numerusform>Delete only the application; its %n resources stay</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::ApplicationsPage</name>
    <message numerus="yes">
        <source>Refresh of %n application(s) asked for.</source>
        <translation>
            <numerusform>Refresh of %n application asked for.</numerusform>
            <numerusform>Refresh of %n applications asked for.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n in all ticked clusters</source>
        <translation>
            <numerusform>%n in all ticked clusters</numerusform>
            <numerusform>%n in all ticked clusters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>None of %n application(s) matches the filter.</source>
        <translation>
            <numerusform>The one application does not match the filter.</numerusform>
            <numerusform>None of %n applications matches the filter.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cluster(s)</source>
        <translation>
            <numerusform>%n cluster</numerusform>
            <numerusform>%n clusters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n selected)</source>
        <comment>act on applications</comment>
        <translation>
            <numerusform>%1 (%n selected)</numerusform>
            <numerusform>%1 (%n selected)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::AttentionPage</name>
    <message numerus="yes">
        <source>Most urgent first. %n other application(s) need nothing.</source>
        <translation>
            <numerusform>Most urgent first. %n other application needs nothing.</numerusform>
            <numerusform>Most urgent first. %n other applications need nothing.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %n application(s) are synced and healthy, or on their way there.</source>
        <translation>
            <numerusform>The one application is synced and healthy, or on its way there.</numerusform>
            <numerusform>All %n applications are synced and healthy, or on their way there.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::ClustersPage</name>
    <message numerus="yes">
        <source>None of %n context(s) matches the filter.</source>
        <translation>
            <numerusform>The context does not match the filter.</numerusform>
            <numerusform>None of %n contexts matches the filter.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::ComparePage</name>
    <message numerus="yes">
        <source>%n changed file(s) in no application: %1</source>
        <translation>
            <numerusform>%n changed file in no application: %1</numerusform>
            <numerusform>%n changed files in no application: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n application(s) render the same at both revisions.</source>
        <translation>
            <numerusform>%n application renders the same at both revisions.</numerusform>
            <numerusform>%n applications render the same at both revisions.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::DiffView</name>
    <message numerus="yes">
        <source>%n line(s) selected: %1</source>
        <translation>
            <numerusform>%n line selected: %1</numerusform>
            <numerusform>%n lines selected: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copied %n line(s).</source>
        <translation>
            <numerusform>Copied %n line.</numerusform>
            <numerusform>Copied %n lines.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n difference(s)</source>
        <translation>
            <numerusform>%n difference</numerusform>
            <numerusform>%n differences</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>⋯ %n unchanged line(s)</source>
        <translation>
            <numerusform>⋯ %n unchanged line</numerusform>
            <numerusform>⋯ %n unchanged lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::Empty</name>
    <message numerus="yes">
        <source>%n more cluster(s)</source>
        <translation>
            <numerusform>1 more cluster</numerusform>
            <numerusform>%n more clusters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::FindBar</name>
    <message numerus="yes">
        <source>%n place(s)</source>
        <translation>
            <numerusform>%n place</numerusform>
            <numerusform>%n places</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::MainWindow</name>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>%n live</numerusform>
            <numerusform>%n live</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n out of reach</source>
        <translation>
            <numerusform>%n out of reach</numerusform>
            <numerusform>%n out of reach</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n without access</source>
        <translation>
            <numerusform>%n without access</numerusform>
            <numerusform>%n without access</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::ParametersPane</name>
    <message numerus="yes">
        <source>%n parameter(s) changed, not saved yet.</source>
        <translation>
            <numerusform>%n parameter changed, not saved yet.</numerusform>
            <numerusform>%n parameters changed, not saved yet.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::ResourceGraph</name>
    <message numerus="yes">
        <source>%n not healthy · open</source>
        <translation>
            <numerusform>%n not healthy · open</numerusform>
            <numerusform>%n not healthy · open</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n resource(s), folded</source>
        <translation>
            <numerusform>%n resource, folded</numerusform>
            <numerusform>%n resources, folded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::ResourcePane</name>
    <message numerus="yes">
        <source>None of %n resource(s) matches the filter.</source>
        <translation>
            <numerusform>The resource does not match the filter.</numerusform>
            <numerusform>None of %n resources matches the filter.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::RolloutNotifier</name>
    <message numerus="yes">
        <source>%n Rollout(s) wait for you.</source>
        <translation>
            <numerusform>%n Rollout waits for you.</numerusform>
            <numerusform>%n Rollouts wait for you.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::RolloutsPage</name>
    <message numerus="yes">
        <source>%n in all ticked clusters</source>
        <translation>
            <numerusform>%n in all ticked clusters</numerusform>
            <numerusform>%n in all ticked clusters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>None of %n Rollout(s) matches the filter.</source>
        <translation>
            <numerusform>The one Rollout does not match the filter.</numerusform>
            <numerusform>None of %n Rollouts matches the filter.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::SelectionBar</name>
    <message numerus="yes">
        <source>%n application(s) selected</source>
        <translation>
            <numerusform>%n application selected</numerusform>
            <numerusform>%n applications selected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::StartPage</name>
    <message numerus="yes">
        <source>Nothing is contacted before you tick it. %n context(s) in your kubeconfig.</source>
        <translation>
            <numerusform>Nothing is contacted before you tick it. %n context in your kubeconfig.</numerusform>
            <numerusform>Nothing is contacted before you tick it. %n contexts in your kubeconfig.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::SyncDialog</name>
    <message numerus="yes">
        <source>Only %n selected: no hooks, no history entry</source>
        <translation>
            <numerusform>Only %n selected: no hooks, no history entry</numerusform>
            <numerusform>Only %n selected: no hooks, no history entry</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>tiphys::ui::TrafficPicture</name>
    <message numerus="yes">
        <source>%n more version(s)</source>
        <translation>
            <numerusform>%n more version</numerusform>
            <numerusform>%n more versions</numerusform>
        </translation>
    </message>
</context>
</TS>
