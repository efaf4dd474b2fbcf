// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"
#include "health/promoter.h"

#include <algorithm>
#include <vector>

namespace tiphys::health::kinds {

namespace {

constexpr Opening kArgoStatus{"Initializing Argo CD commit status",
                              "Argo CD commit status is being deleted",
                              {},
                              "Waiting for Argo CD commit status spec update to be observed",
                              "Argo CD commit status reconciliation failed: ",
                              "Argo CD commit status reconciliation failed (",
                              {},
                              "Argo CD commit status is not ready yet"};

Health argoCommitStatus(const Field &object)
{
    if (const std::optional<Health> health = openingVerdict(kArgoStatus, object))
        return *health;
    const Field selected = object["status"]["applicationsSelected"];
    if (!selected.isTruthy() || selected.length() == 0)
        return degraded("Argo CD commit status has no applications configured");
    return healthy(concat(object.evaluation(),
                          {"Argo CD commit status is healthy and is tracking ", selected.length(), " applications"}));
}

constexpr FinalizerNote kPolicyNotes[] = {
    {"changetransferpolicy.promoter.argoproj.io/finalizer",
     "Waiting to clear related PullRequest finalizers and finish cleanup before this policy is removed.",
     "The 'changetransferpolicy.promoter.argoproj.io/pullrequest-finalizer' finalizer may not be cleaned up from "
     "PullRequests owned by this ChangeTransferPolicy."}};
constexpr Opening kPolicy{"Initializing change transfer policy",
                          "Change transfer policy is being deleted.",
                          kPolicyNotes,
                          "Waiting for change transfer policy spec update to be observed",
                          "Change transfer policy reconciliation failed: ",
                          "Change transfer policy reconciliation failed (",
                          {},
                          "Change transfer policy is not ready yet"};

Health changeTransferPolicy(const Field &object)
{
    if (const std::optional<Health> health = openingVerdict(kPolicy, object))
        return *health;
    Evaluation &evaluation = object.evaluation();
    const Field active = object["status"]["active"];
    const Field proposed = object["status"]["proposed"];
    if (!hasDrySha(active))
        return progressing("The active commit DRY SHA is missing or empty.");
    if (!hasDrySha(proposed))
        return progressing("The proposed commit DRY SHA is missing or empty.");
    const Field activeSha = active["dry"]["sha"];
    const Field proposedSha = proposed["dry"]["sha"];
    if (!(proposedSha == activeSha)) {
        const CommitStatuses statuses = commitStatusesOf(proposed["commitStatuses"]);
        const std::string head = "Promotion in progress from '" + shortSha(activeSha) + "' to '" + shortSha(proposedSha)
                                 + "': " + countsText(statuses);
        return progressing(head + keysText(evaluation, statuses));
    }
    const CommitStatuses statuses = commitStatusesOf(active["commitStatuses"]);
    if (statuses.pending > 0 || statuses.failed > 0)
        return healthy("Environment is up-to-date, but there are non-successful active commit statuses: "
                       + countsText(statuses) + keysText(evaluation, statuses));
    return healthy("Environment is up-to-date on commit " + shortSha(activeSha) + ".");
}

constexpr FinalizerNote kClusterProviderNotes[] = {
    {"clusterscmprovider.promoter.argoproj.io/finalizer",
     "Waiting until no GitRepository still references this cluster-wide SCM provider.",
     "GitRepository objects can reference a provider that no longer exists."}};
constexpr Opening kClusterProvider{"Initializing cluster SCM provider",
                                   "ClusterScmProvider is being deleted.",
                                   kClusterProviderNotes,
                                   "Waiting for ClusterScmProvider spec update to be observed",
                                   "Cluster SCM provider validation failed: ",
                                   "Cluster SCM provider not ready (",
                                   "Cluster SCM provider readiness unknown (",
                                   "ClusterScmProvider Ready condition is missing"};
constexpr FinalizerNote kProviderNotes[] = {
    {"scmprovider.promoter.argoproj.io/finalizer",
     "Waiting until no GitRepository in this namespace still references this provider.",
     "GitRepository objects can reference a provider that no longer exists."}};
constexpr Opening kProvider{"Initializing SCM provider",
                            "ScmProvider is being deleted.",
                            kProviderNotes,
                            "Waiting for ScmProvider spec update to be observed",
                            "SCM provider validation failed: ",
                            "SCM provider not ready (",
                            "SCM provider readiness unknown (",
                            "ScmProvider Ready condition is missing"};
constexpr FinalizerNote kRepositoryNotes[] = {
    {"gitrepository.promoter.argoproj.io/finalizer",
     "Waiting until no non-deleting PullRequests still reference this repository.",
     "repository metadata may be removed while promotions still depend on it."}};
constexpr Opening kRepository{"Initializing Git repository",
                              "GitRepository is being deleted.",
                              kRepositoryNotes,
                              "Waiting for GitRepository spec update to be observed",
                              "Git repository validation failed: ",
                              "Git repository not ready (",
                              "Git repository readiness unknown (",
                              "GitRepository Ready condition is missing"};

Health readyOr(const Opening &opening, const Field &object, std::string_view message)
{
    const std::optional<Health> health = openingVerdict(opening, object);
    return health ? *health : healthy(message);
}

constexpr Opening kCommitStatus{"Initializing commit status",
                                "Commit status is being deleted",
                                {},
                                "Waiting for commit status spec update to be observed",
                                "Commit status reconciliation failed: ",
                                "Commit status reconciliation failed (",
                                {},
                                "Commit status is not ready yet"};

Health commitStatus(const Field &object)
{
    if (const std::optional<Health> health = openingVerdict(kCommitStatus, object))
        return *health;
    const Field sha = object["status"]["sha"];
    const Field phase = object["status"]["phase"];
    if (!sha.isTruthy() || !phase.isTruthy())
        return healthy("Commit status is healthy");
    return healthy(concat(object.evaluation(), {"Commit status for commit ", sha, " reports ", phase}));
}

constexpr FinalizerNote kPullRequestNotes[] = {
    {"pullrequest.promoter.argoproj.io/finalizer", "Waiting for SCM closure or reconciliation of the pull request.",
     "the real PR can stay open after the CR is gone."},
    {"changetransferpolicy.promoter.argoproj.io/pullrequest-finalizer",
     "Waiting for the ChangeTransferPolicy to observe PR identity and state.",
     "promotion status or history can be wrong or racy."}};
constexpr Opening kPullRequest{"Initializing pull request",
                               "Pull request is being deleted.",
                               kPullRequestNotes,
                               "Waiting for pull request spec update to be observed",
                               "Pull request reconciliation failed: ",
                               "Pull request reconciliation failed (",
                               {},
                               "Pull request is not ready yet",
                               "Reconciled"};

Health pullRequest(const Field &object)
{
    if (const std::optional<Health> health = openingVerdict(kPullRequest, object))
        return *health;
    const Field id = object["status"]["id"];
    const Field state = object["status"]["state"];
    if (!id.isTruthy() || !state.isTruthy())
        return healthy("Pull request is healthy");
    return healthy(concat(object.evaluation(), {"Pull request is ", state, " as PR ", id}));
}

/// What the environments of a gate say once the gate itself is ready.
struct GateTexts
{
    std::string_view reconciled;
    std::string_view failed;
    std::string_view pending;
    std::string_view passed;
};

Health gate(const Opening &opening, const GateTexts &texts, const Field &object)
{
    if (const std::optional<Health> health = openingVerdict(opening, object))
        return *health;
    Evaluation &evaluation = object.evaluation();
    const Field environments = object["status"]["environments"];
    if (!environments.isTruthy() || environments.length() == 0)
        return healthy(texts.reconciled);
    std::vector<Term> pending;
    std::vector<Term> failed;
    std::size_t passed = 0;
    for (const auto &[key, environment] : environments.items()) {
        const Term branch = environment["branch"].orElse("?");
        const Field phase = environment["phase"];
        if (phase == "failure")
            failed.push_back(branch);
        else if (phase == "success")
            ++passed;
        else
            pending.push_back(branch);
    }
    if (!failed.empty())
        return degraded(std::string(texts.failed) + join(evaluation, failed, ", "));
    if (!pending.empty())
        return progressing(std::string(texts.pending) + join(evaluation, pending, ", "));
    return healthy(std::string(texts.passed) + std::to_string(passed) + " environment(s)");
}

constexpr Opening kGitGate{"Initializing git commit validation",
                           "GitCommitStatus is being deleted",
                           {},
                           "Waiting for GitCommitStatus spec update to be observed",
                           "Git commit validation failed: ",
                           "Git commit validation not ready (",
                           "Git commit validation status unknown (",
                           "GitCommitStatus Ready condition is missing"};
constexpr GateTexts kGitTexts{"Git commit validation reconciled", "Git commit validation failed for branch(es): ",
                              "Git commit validation pending for branch(es): ", "Git commit validation passed for "};
constexpr Opening kTimedGate{"Initializing timed commit gate",
                             "TimedCommitStatus is being deleted",
                             {},
                             "Waiting for TimedCommitStatus spec update to be observed",
                             "Timed commit gate failed: ",
                             "Timed commit gate not ready (",
                             "Timed commit gate status unknown (",
                             "TimedCommitStatus Ready condition is missing"};
constexpr GateTexts kTimedTexts{"Timed commit gate reconciled", "Timed commit gate failed for branch(es): ",
                                "Timed commit gate pending for branch(es): ", "Timed commit gate satisfied for "};
constexpr Opening kWebGate{"Initializing web request commit validation",
                           "WebRequestCommitStatus is being deleted",
                           {},
                           "Waiting for WebRequestCommitStatus spec update to be observed",
                           "Web request commit validation failed: ",
                           "Web request commit validation not ready (",
                           "Web request commit validation unknown (",
                           "WebRequestCommitStatus Ready condition is missing"};
constexpr GateTexts kWebTexts{"Web request commit validation reconciled",
                              "Web request validation failed for branch(es): ",
                              "Web request validation pending for branch(es): ", "Web request validation passed for "};

/// The dry commit that is proposed: of the note, else of the commit itself; nil if there is none.
Field proposedDrySha(const Field &environment)
{
    const Field proposed = environment["proposed"];
    if (proposed.isTruthy() && proposed["note"].isTruthy()) {
        const Field noted = proposed["note"]["drySha"];
        if (noted.isTruthy() && !(noted == ""))
            return noted;
    }
    if (hasDrySha(proposed))
        return proposed["dry"]["sha"];
    return {{}, &environment.evaluation()};
}

/// What holds every environment back: a commit that is missing, or one that is not proposed everywhere.
std::optional<Health> commitProblem(const Field &environments)
{
    Evaluation &evaluation = environments.evaluation();
    for (const auto &[key, environment] : environments.items()) {
        std::string_view which;
        if (!hasDrySha(environment["active"]))
            which = "active";
        else if (proposedDrySha(environment).isNil())
            which = "proposed";
        if (!which.empty())
            return progressing(
                concat(evaluation, {"The ", which, " commit DRY SHA is missing or empty in environment '",
                                    environment["branch"], "'."}));
    }
    const Field first = proposedDrySha(environments.item(1));
    for (const auto &[key, environment] : environments.items()) {
        if (!(proposedDrySha(environment) == first))
            return progressing("Not all environments have the same proposed commit SHA. This likely means the hydrator "
                               "has not run for all environments yet.");
    }
    return std::nullopt;
}

/// The first environment whose promotion runs.
std::optional<Health> runningPromotion(const Field &environments)
{
    Evaluation &evaluation = environments.evaluation();
    for (const auto &[key, environment] : environments.items()) {
        const Field proposed = environment["proposed"];
        const Field proposedSha = proposed["dry"]["sha"];
        const Field activeSha = environment["active"]["dry"]["sha"];
        if (proposedSha == activeSha)
            continue;
        const CommitStatuses statuses = commitStatusesOf(proposed["commitStatuses"]);
        const std::string from = shortSha(activeSha);
        const std::string to = shortSha(proposedSha);
        const std::string head = concat(evaluation, {"Promotion in progress for environment '", environment["branch"],
                                                     "' from '", from, "' to '", to, "': "});
        return progressing(head + countsText(statuses) + keysText(evaluation, statuses)
                           + "Hydrator has processed dry commit '" + shortSha(proposedDrySha(environment)) + "'. ");
    }
    return std::nullopt;
}

constexpr Opening kStrategy{"Initializing promotion strategy",
                            "Promotion strategy is being deleted",
                            {},
                            "Waiting for promotion strategy spec update to be observed",
                            "Promotion strategy reconciliation failed: ",
                            "Promotion strategy reconciliation failed (",
                            {},
                            "Promotion strategy is not ready yet"};

Health promotionStrategy(const Field &object)
{
    if (const std::optional<Health> health = openingVerdict(kStrategy, object))
        return *health;
    Evaluation &evaluation = object.evaluation();
    const Field environments = object["status"]["environments"];
    if (!environments.isTruthy() || environments.length() == 0)
        return degraded("Promotion strategy has no environments configured");
    if (const std::optional<Health> problem = commitProblem(environments))
        return *problem;
    if (const std::optional<Health> running = runningPromotion(environments))
        return *running;
    std::vector<std::pair<Term, std::string>> unsuccessful;
    for (const auto &[key, environment] : environments.items()) {
        const CommitStatuses statuses = commitStatusesOf(environment["active"]["commitStatuses"]);
        if (statuses.pending == 0 && statuses.failed == 0)
            continue;
        const Field branch = environment["branch"];
        if (branch.isNil())
            evaluation.fail("table index is nil");
        std::string text =
            concat(evaluation, {branch, " (", statuses.failed, " failed, ", statuses.pending, " pending)"});
        const auto same = std::ranges::find_if(unsuccessful, [&](const auto &one) {
            return one.first.kind() == Kind::Text && branch == one.first.text();
        });
        if (same == unsuccessful.end())
            unsuccessful.emplace_back(branch, std::move(text));
        else
            same->second = std::move(text);
    }
    std::string list;
    for (const auto &[branch, text] : unsuccessful)
        list += (list.empty() ? "" : ", ") + text;
    if (!unsuccessful.empty())
        return healthy("Environments are up-to-date, but some environments have non-successful commit statuses: " + list
                       + ".");
    const Field first = environments.item(1);
    return healthy("All environments are up-to-date on commit '" + shortSha(first["active"]["dry"]["sha"])
                   + "'. Hydrator has processed dry commit '" + shortSha(proposedDrySha(first)) + "'.");
}

constexpr std::string_view kOpeningWords =
    "Being deleted, no status, or a `Ready` of another generation is **Progressing**; `Ready=False` is **Degraded**; "
    "without `Ready` **Progressing**; else **Healthy**.";
constexpr std::string_view kProviderWords =
    "Being deleted, no status, or a `Ready` of another generation is **Progressing**; `Ready=False` is **Degraded**; "
    "`Ready=Unknown` or none is **Progressing**; else **Healthy**.";
constexpr std::string_view kGateWords =
    "As ScmProvider by `Ready`; then an environment in phase `failure` is **Degraded**, one that is not `success` "
    "**Progressing**; else **Healthy**.";

constexpr KindRule kRules[] = {
    {"promoter.argoproj.io", "ArgoCDCommitStatus",
     OwnRule{argoCommitStatus, "As CommitStatus by `Ready`; no `status.applicationsSelected` is **Degraded**."}},
    {"promoter.argoproj.io", "ChangeTransferPolicy",
     OwnRule{changeTransferPolicy,
             "As CommitStatus by `Ready`; a dry commit that is missing, or that differs between `status.active` and "
             "`status.proposed`, is **Progressing** (with the commit statuses); else **Healthy**."}},
    {"promoter.argoproj.io", "ClusterScmProvider",
     OwnRule{[](const Field &object) { return readyOr(kClusterProvider, object, "Cluster SCM provider is ready"); },
             kProviderWords}},
    {"promoter.argoproj.io", "CommitStatus", OwnRule{commitStatus, kOpeningWords}},
    {"promoter.argoproj.io", "GitCommitStatus",
     OwnRule{[](const Field &object) { return gate(kGitGate, kGitTexts, object); }, kGateWords}},
    {"promoter.argoproj.io", "GitRepository",
     OwnRule{[](const Field &object) { return readyOr(kRepository, object, "Git repository is ready"); },
             kProviderWords}},
    {"promoter.argoproj.io", "PromotionStrategy",
     OwnRule{promotionStrategy,
             "As CommitStatus by `Ready`; no environments is **Degraded**; a dry commit that is missing in an "
             "environment or differs, or a running promotion, is **Progressing**; else **Healthy** (naming commit "
             "statuses that are not successful)."}},
    {"promoter.argoproj.io", "PullRequest",
     OwnRule{pullRequest, "As CommitStatus, by the conditions `Reconciled` and `Ready`."}},
    {"promoter.argoproj.io", "ScmProvider",
     OwnRule{[](const Field &object) { return readyOr(kProvider, object, "SCM provider is ready"); }, kProviderWords}},
    {"promoter.argoproj.io", "TimedCommitStatus",
     OwnRule{[](const Field &object) { return gate(kTimedGate, kTimedTexts, object); }, kGateWords}},
    {"promoter.argoproj.io", "WebRequestCommitStatus",
     OwnRule{[](const Field &object) { return gate(kWebGate, kWebTexts, object); }, kGateWords}},
};

} // namespace

std::span<const KindRule> promoterRules()
{
    return kRules;
}

} // namespace tiphys::health::kinds
