// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/source_edit.h"
#include "crd/spec_edit.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::cli {

/// Name: names or ids alone, one a line; Tree: what belongs to what, indented; DetailedTree: with ages.
enum class Output { Text, Json, Yaml, Markdown, Name, Tree, DetailedTree };

constexpr bool isTree(Output output)
{
    return output == Output::Tree || output == Output::DetailedTree;
}
/// True for text and text with a tree.
constexpr bool isForPeople(Output output)
{
    return output == Output::Text || isTree(output);
}

/// Which cluster and who: kubectl's flags.
struct ConnectionFlags
{
    std::string kubeconfig;
    std::string context;
    std::string
        ns; ///< namespace of the Application; "" is the control plane's or the context's; of a list several, joined by commas
    std::string as;
    std::vector<std::string> asGroups;
    bool allNamespaces = false;
    bool allContexts = false; ///< app list over every context of the kubeconfig
};

/// What may be got from elsewhere.
struct FetchFlags
{
    bool isAllowed = false;
    bool isPlainHttp = false; ///< registries are asked by http
};

/// Config management plugins of this machine.
struct PluginFlags
{
    std::vector<std::string> files;   ///< plugin files beside those of the user and the workspace
    std::vector<std::string> allowed; ///< names that may run
    bool areOff = false;
    bool mayClaim = true; ///< plugins are asked whether they claim a folder without an Application
    int timeoutSeconds = 90;
    // Folders without an Application
    std::string name;
    std::vector<std::string> env; ///< NAME=VALUE
    bool showsParameters = false; ///< print what the plugin announces instead
};

struct RenderFlags
{
    std::string source = "."; ///< folder or Application file
    std::string repository;   ///< "" reads the working folder
    std::string revision;
    bool recurses = false;
    std::string include;
    std::string exclude;
    // Helm, by the names of its own flags
    std::string name;
    std::string ns;
    std::vector<std::string> valueFiles;
    std::vector<std::string> set;
    std::vector<std::string> setString;
    std::vector<std::string> setJson;
    std::vector<std::string> setFile;
    std::vector<std::string> setLiteral;
    std::string kubeVersion;
    std::vector<std::string> apiVersions;
    bool skipsCrds = false;
    bool skipsTests = false;
    bool skipsSchemaValidation = false;
    // Kustomize
    std::string kustomizeOptions; ///< flags of `kustomize build`
    FetchFlags fetch;
    enum class Tools { None, Verify, Use };
    Tools tools = Tools::None; ///< whether helm and kustomize of this machine render too, or instead
};

struct DiffFlags
{
    std::string a;
    std::string b; ///< "" is the working tree
    bool fromMergeBase = false;
    std::string repository = ".";
    std::vector<std::string> paths;
    std::vector<std::string> appFiles;
    std::vector<std::string> repoUrls; ///< further addresses of the repository
    bool showsSummaryOnly = false;
    std::string kustomizeOptions; ///< flags of `kustomize build`
    FetchFlags fetch;
};

struct HealthFlags
{
    std::string file = "-";
    std::string customizations; ///< file with argocd-cm, or its data; "" for none
};

struct ActionFlags
{
    std::string file = "-";
    std::string name;                    ///< the action to run; "" lists what is offered
    std::vector<std::string> parameters; ///< "name=value"
    std::string customizations;
};

/// `app sync`: retries instead of those that the application says.
struct RetryFlags
{
    std::int64_t limit = 0; ///< 0 leaves the application's
    bool refreshes = false;
    std::string duration;    ///< as Go writes it; "" is 5s
    std::string maxDuration; ///< "" is 3m0s
    std::int64_t factor = 2;
};

/// `app diff`, `app manifests` and `app sync`: files of this machine instead of a source's repository.
struct LocalFlags
{
    std::string folder;                ///< "" reads the repository
    std::string root;                  ///< stands for the repository; "" is found
    bool isWholeRepository = false;    ///< \c folder is the root, the path is the source's
    std::vector<std::string> included; ///< patterns of the names of files that count; none: all files
};

struct AppFlags
{
    std::string name;                  ///< NAME or NAMESPACE/NAME
    std::vector<std::string> names;    ///< sync, wait, delete: several of these
    std::vector<std::string> projects; ///< list, sync: those of these projects
    std::string revision;
    bool prunes = false;
    bool isDryRun = false;
    bool forces = false;
    bool replaces = false;
    bool serverSide = false;
    bool appliesOutOfSyncOnly = false;
    bool previewsChanges = false; ///< sync: shows differences and asks
    std::string strategy;         ///< sync: "apply" or "hook"
    std::vector<std::string>
        revisions; ///< sync, diff, manifests: of the sources that one of the next two lists names, in its order
    std::vector<int> sourcePositions; ///< counted from 1
    std::vector<std::string> sourceNames;
    std::vector<std::string> info;   ///< sync: NAME=VALUE
    std::vector<std::string> labels; ///< NAME=VALUE; sync: resources that have one of them; create: the application's
    RetryFlags retry;
    bool refreshes = false;             ///< get: --refresh
    bool isHard = false;                ///< refresh: --hard; get: --hard-refresh
    bool computes = false;              ///< get: --computed
    bool showsOperation = false;        ///< get
    bool showsParameters = false;       ///< get
    bool waits = true;                  ///< sync, rollback: until the operation has ended
    bool waitsForEnd = false;           ///< refresh, delete: --wait
    int timeoutSeconds = 0;             ///< 0 is no limit
    std::vector<std::string> resources; ///< GROUP:KIND:[NAMESPACE/]NAME
    std::string selector;
    long historyId = -1;
    std::string cascade = "foreground"; ///< foreground, background, none
    std::string propagation;            ///< delete: foreground or background; "" leaves cascade alone
    bool isConfirmed = false;           ///< --yes
    bool needsSync = false;             ///< wait --sync
    bool needsHealth = false;
    bool needsOperation = false; ///< wait: that none runs
    bool needsSuspended = false;
    bool needsDegraded = false;
    bool needsHydration = false;
    bool needsDeletion = false;
    bool localEngine = false; ///< this program does the work itself
    std::string container;
    bool hasAllContainers = false; ///< logs of init and ephemeral containers too
    std::optional<int> tailLines;  ///< below 0 is all
    bool follows = false;
    bool showsPrevious = false; ///< logs of the containers before the last restart
    bool hasTimestamps = false;
    std::string since;     ///< logs since this long, Go duration
    int sinceSeconds = 0;  ///< the same in seconds; 0 is all
    std::string until;     ///< logs until this time, RFC 3339
    std::string logFilter; ///< lines that contain this, or with ! in front do not
    bool matchesCase = false;
    // create
    std::string file;
    bool upserts = false; ///< changes what is there already
    bool setsFinalizer = false;
    std::vector<std::string> annotations; ///< NAME=VALUE
    // list
    std::string repository;
    std::string path;
    std::vector<std::string> syncOptions; ///< sync
    std::string cluster;                  ///< list: name or address of the destination
    LocalFlags local;
    std::string manifestSource = "git";   ///< manifests: git or live
    bool areOrphansOnly = false;          ///< resources
    std::optional<bool> isServerSideDiff; ///< diff: by dry runs of the server; nothing: as the application says
    bool tellsDifferences = true;         ///< diff: by the exit code…
    int differenceCode = 1;               ///< …which this is
};

/// `app actions`, `app logs`, `app get-resource` and its like: of which objects; AppFlags::resources names them too.
struct AppActionFlags
{
    std::vector<std::string> words;   ///< NAME, list NAME, or run NAME ACTION
    std::optional<std::string> group; ///< "" is the core group, nothing any
    std::string kind;
    std::string ns;
    std::string name;
    bool isAll = false;       ///< for every object that matches
    bool hasChildren = false; ///< objects that managed ones own too
};

/// `app get-resource`, `app patch-resource` and `app delete-resource`.
struct ResourceFlags
{
    std::string project;             ///< that the application has to be in; "" is any
    std::vector<std::string> fields; ///< get: "status.podIP"; none: all
    bool showsManagedFields = false; ///< get
    std::string patch;               ///< JSON
    std::string patchType = "application/merge-patch+json";
    bool isForced = false;         ///< delete: without grace
    bool leavesDependents = false; ///< delete
};

/// `app set`, `app unset`, `app add-source` and `app remove-source`: of which source, and what; `app create`: what stands beside
/// the source.
struct SourceFlags
{
    int position = -1;      ///< from 1; -1 is the only one
    std::string name;       ///< of an entry of spec.sources; add-source: the new one's
    std::string valuesFile; ///< file whose content becomes the values
    crd::SourceEdit edit;
    crd::SourceRemoval removal;
    crd::SpecEdit spec;
    bool validates = true; ///< what the project does not permit is refused
};

/// `app patch`.
struct PatchFlags
{
    std::string text; ///< JSON
    bool isMerge = false;
};

struct EngineFlags
{
    bool forRollouts = false; ///< Rollouts instead of Applications
    std::string instanceId;   ///< Rollouts with this controller-instance-id label only
    int metricsPort = 8090;   ///< of loopback, where the Rollouts engine shows its metrics; 0 for nowhere
    bool runsOnce = false;    ///< one pass over every application, then exit
    std::vector<std::string> applications;
};

struct RolloutFlags
{
    std::string name;                ///< NAME or NAMESPACE/NAME; list --name: NAME, "" for all
    std::vector<std::string> images; ///< CONTAINER=IMAGE
    bool isFull = false;             ///< promote --full
    bool skipsStep = false;
    bool skipsAllSteps = false;
    bool watches = false;       ///< get -w
    bool hasTimestamps = false; ///< list --timestamps
    bool waitsForStatus = true; ///< status -w
    bool hasColours = true;
    int timeoutSeconds = 0; ///< 0 is no limit
    std::string in;         ///< restart: Go duration from now
    long toRevision = 0;    ///< undo
    std::string kind;       ///< terminate: analysisrun or experiment
    // lint, simulate
    std::string file;
    std::string at; ///< RFC 3339; "" is now
    std::vector<std::string> failedAnalyses;
    int promoteAfterSeconds = 60;
};

/// `cluster use`.
struct ClusterFlags
{
    std::string server;
    std::string context; ///< "" forgets the choice
    bool isForgotten = false;
};

struct DemoFlags
{
    int port = 0;
};

/// What the command line asks for, checked for form.
struct Invocation
{
    enum class Command {
        None,
        Render,
        Diff,
        Health,
        Actions,
        AppList,
        AppGet,
        AppTree,
        AppDiff,
        AppSync,
        AppWait,
        AppHistory,
        AppRollback,
        AppRefresh,
        AppTerminate,
        AppDelete,
        AppCreate,
        AppLogs,
        AppManifests,
        AppResources,
        AppActions,
        AppGetResource,
        AppPatchResource,
        AppDeleteResource,
        AppSet,
        AppUnset,
        AppAddSource,
        AppRemoveSource,
        AppPatch,
        AppEdit,
        AppConfirmDeletion,
        RolloutList,
        RolloutGet,
        RolloutStatus,
        RolloutPromote,
        RolloutPause,
        RolloutResume,
        RolloutAbort,
        RolloutRetry,
        RolloutRestart,
        RolloutUndo,
        RolloutSetImage,
        RolloutTerminate,
        RolloutLint,
        RolloutSimulate,
        AnalysisList,
        ExperimentList,
        ExperimentGet,
        EngineRun,
        ClusterList,
        ClusterUse,
        InstallCrds,
        Demo,
        Worker,
    };
    Command command = Command::None;
    PluginFlags plugins;
    Output output = Output::Text;
    bool isQuiet = false;
    ConnectionFlags connection;
    RenderFlags render;
    DiffFlags diff;
    HealthFlags health;
    ActionFlags action;
    AppFlags app;
    AppActionFlags appAction;
    ResourceFlags resource;
    SourceFlags source;
    PatchFlags patch;
    RolloutFlags rollout;
    EngineFlags engine;
    ClusterFlags cluster;
    DemoFlags demo;
};

/// What parsing the command line gave: either an invocation, or text to print and the code to exit with.
struct ParsedCommandLine
{
    Invocation invocation;
    bool isFinished = false;
    int exitCode = 0;
    std::string standardOutput;
    std::string standardError;
};

/// Reads the arguments (without the program's name). Usage errors give exit code 2.
ParsedCommandLine parseCommandLine(std::vector<std::string> arguments);

} // namespace tiphys::cli
