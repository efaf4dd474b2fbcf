// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/rollout_text.h"

#include "models/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tiphys::models {

namespace {

using service::RolloutAct;
using service::RolloutPhase;
using service::RolloutRow;
using service::RolloutStep;
using service::RolloutWait;

struct Rollout
{
    Q_DECLARE_TR_FUNCTIONS(Rollout)
};

/// What a promotion brings: the weights on the way, the time that passes on its own, and whether a pause follows.
struct Way
{
    int first = -1;           ///< the next weight
    int last = -1;            ///< the weight at the end or the next pause
    std::int64_t seconds = 0; ///< of timed pauses
    bool hasAnalysis = false;
    bool endsAtPause = false;
};

Way wayOf(const RolloutRow &row, int from)
{
    Way way;
    for (int i = std::max(from, 0); i < static_cast<int>(row.steps.size()); ++i) {
        const RolloutStep &step = row.steps[static_cast<std::size_t>(i)];
        if (step.waitsForPerson()) {
            way.endsAtPause = true;
            return way;
        }
        if (step.kind == RolloutStep::Kind::SetWeight) {
            way.first = way.first < 0 ? step.weight : way.first;
            way.last = step.weight;
        }
        way.seconds += step.seconds;
        way.hasAnalysis = way.hasAnalysis || step.kind == RolloutStep::Kind::Analysis;
    }
    way.last = row.maxWeight;
    way.first = way.first < 0 ? row.maxWeight : way.first;
    return way;
}

QString tagOf(const QString &image)
{
    const qsizetype slash = image.lastIndexOf(u'/');
    const qsizetype colon = image.indexOf(u':', slash + 1);
    return colon < 0 ? image : image.mid(colon + 1);
}

QString repositoryOf(const QString &image)
{
    const qsizetype slash = image.lastIndexOf(u'/');
    const qsizetype colon = image.indexOf(u':', slash + 1);
    return colon < 0 ? image : image.left(colon);
}

QString nameOf(const RolloutRow &row)
{
    return text(row.id.name);
}

} // namespace

QString percent(int weight, int whole)
{
    const double share = whole > 0 ? weight * 100.0 / whole : weight;
    return Rollout::tr("%1 %", "share of the traffic").arg(QLocale().toString(share, 'g', 4));
}

QString statusWord(RolloutPhase phase)
{
    switch (phase) {
    case RolloutPhase::Healthy: return u"Healthy"_s;
    case RolloutPhase::Progressing: return u"Progressing"_s;
    case RolloutPhase::Paused: return u"Paused"_s;
    case RolloutPhase::Degraded: return u"Degraded"_s;
    case RolloutPhase::Unknown: return u"Unknown"_s;
    }
    return {};
}

QString explanation(RolloutPhase phase)
{
    switch (phase) {
    case RolloutPhase::Healthy: return Rollout::tr("The wanted version has all of the traffic.");
    case RolloutPhase::Progressing: return Rollout::tr("An update goes on, or pods are on their way.");
    case RolloutPhase::Paused:
        return Rollout::tr("The update stands still: for some time, or until somebody promotes it.");
    case RolloutPhase::Degraded: return Rollout::tr("The update was aborted, failed, or takes longer than it may.");
    case RolloutPhase::Unknown: return Rollout::tr("Nobody has reconciled it yet.");
    }
    return {};
}

QString durationText(std::int64_t seconds)
{
    if (seconds < 60)
        return Rollout::tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return seconds % 60 == 0 ? Rollout::tr("%1 min").arg(seconds / 60)
                                 : Rollout::tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    if (seconds < 86'400)
        return seconds % 3600 < 60 ? Rollout::tr("%1 h").arg(seconds / 3600)
                                   : Rollout::tr("%1 h %2 min").arg(seconds / 3600).arg(seconds % 3600 / 60);
    return Rollout::tr("%1 d").arg(seconds / 86'400);
}

QString stepSentence(const RolloutStep &step, int maxWeight)
{
    using Kind = RolloutStep::Kind;
    const QString detail = text(step.detail);
    switch (step.kind) {
    case Kind::SetWeight:
        return Rollout::tr("Send %1 to the new version", "share of the traffic").arg(percent(step.weight, maxWeight));
    case Kind::Pause:
        return step.seconds > 0 ? Rollout::tr("Wait %1").arg(durationText(step.seconds))
                                : Rollout::tr("Wait until promoted");
    case Kind::Analysis: return Rollout::tr("Run analysis %1").arg(detail);
    case Kind::Experiment: return Rollout::tr("Run an experiment");
    case Kind::SetCanaryScale: return Rollout::tr("Scale the new version: %1").arg(detail);
    case Kind::SetHeaderRoute: return Rollout::tr("Route by header: %1").arg(detail);
    case Kind::SetMirrorRoute: return Rollout::tr("Mirror traffic: %1").arg(detail);
    case Kind::Plugin: return Rollout::tr("Run the step plugin %1").arg(detail);
    case Kind::Unknown: return Rollout::tr("A step of a kind that is not known here");
    }
    return {};
}

QString waitText(const RolloutRow &row, service::WallTime now)
{
    if (row.wait == RolloutWait::Nothing)
        return {};
    if (row.wait == RolloutWait::Timer)
        return row.waitEnds > now ? Rollout::tr("goes on in %1").arg(durationText((row.waitEnds - now + 999) / 1000))
                                  : Rollout::tr("goes on now");
    const QString age = ageText(row.waitSince, now);
    return age.isEmpty() ? Rollout::tr("waits for you") : Rollout::tr("waits %1 for you").arg(age);
}

QString waitSentence(const RolloutRow &row)
{
    switch (row.wait) {
    case RolloutWait::Promotion:
        return Rollout::tr("Waits for you at %1: promote it or abort it.").arg(percent(row.weight, row.maxWeight));
    case RolloutWait::Switch:
        return Rollout::tr("The new version runs behind the preview service and waits for you to switch to it.");
    case RolloutWait::Inconclusive:
        return Rollout::tr("An analysis could not tell whether the new version is good: you decide.");
    case RolloutWait::Resume: return Rollout::tr("Paused by hand: it goes on when you resume it.");
    case RolloutWait::Timer:
    case RolloutWait::Nothing: break;
    }
    return {};
}

QString messageText(const RolloutRow &row)
{
    if (const QString sentence = waitSentence(row); !sentence.isEmpty())
        return sentence;
    if (row.wait == RolloutWait::Timer)
        return Rollout::tr("A timed pause: it goes on by itself.");
    if (row.isAborted && row.isUpdating)
        return Rollout::tr("Aborted: the traffic is back on the stable version. %1").arg(sentence(row.message));
    if (row.phase == RolloutPhase::Healthy)
        return Rollout::tr("Fully promoted.");
    return sentence(row.message);
}

QString fateText(const RolloutRow &row)
{
    const QString act = actText(row.fateOf, row.isBlueGreen);
    switch (row.fate) {
    case service::ActFate::None: break;
    case service::ActFate::Checking:
        return Rollout::tr("%1: the answer was lost, and what became of it is being checked.").arg(act);
    case service::ActFate::Done: return Rollout::tr("%1: the answer was lost, but it was done.").arg(act);
    case service::ActFate::NotSent: return Rollout::tr("%1: it was not done.").arg(act);
    }
    return {};
}

QString stepText(const RolloutRow &row)
{
    return row.steps.empty() || row.stepIndex < 0
               ? QString()
               : Rollout::tr("%1 of %2", "step").arg(row.stepIndex).arg(row.steps.size());
}

QString cardText(const RolloutRow &row)
{
    if (row.isBlueGreen)
        return row.isUpdating ? Rollout::tr("preview · %1/%2").arg(row.updated).arg(row.desired)
                              : Rollout::tr("active · %1/%2").arg(row.available).arg(row.desired);
    if (row.steps.empty() || row.stepIndex < 0)
        return u"%1/%2"_s.arg(row.available).arg(row.desired);
    return Rollout::tr("step %1/%2 · %3")
        .arg(row.stepIndex)
        .arg(row.steps.size())
        .arg(percent(row.isUpdating ? row.weight : row.maxWeight, row.maxWeight));
}

QString imagesText(const RolloutRow &row)
{
    const QString wanted = row.images.empty() ? QString() : text(row.images.front());
    const QString more = row.images.size() > 1 ? u" +%1"_s.arg(row.images.size() - 1) : QString();
    if (row.stableImages.empty() || row.stableImages == row.images)
        return wanted.section(u'/', -1) + more;
    // The container that changed says most.
    std::size_t index = 0;
    for (std::size_t i = 0; i < std::min(row.images.size(), row.stableImages.size()); ++i) {
        if (row.images[i] != row.stableImages[i]) {
            index = i;
            break;
        }
    }
    const QString before = text(row.stableImages[std::min(index, row.stableImages.size() - 1)]);
    const QString after = text(row.images[std::min(index, row.images.size() - 1)]);
    if (repositoryOf(before) == repositoryOf(after))
        return Rollout::tr("%1: %2 → %3").arg(repositoryOf(after).section(u'/', -1), tagOf(before), tagOf(after))
               + more;
    return Rollout::tr("%1 → %2").arg(before.section(u'/', -1), after.section(u'/', -1)) + more;
}

QString promotionText(const RolloutRow &row)
{
    if (row.isBlueGreen)
        return Rollout::tr("all of the traffic goes to the new version");
    if (row.steps.empty())
        return Rollout::tr("the update goes on");
    const Way way = wayOf(row, row.stepIndex + 1);
    if (way.endsAtPause)
        return way.last < 0 ? Rollout::tr("on to the next pause")
                            : Rollout::tr("%1 at the next pause").arg(percent(way.last, row.maxWeight));
    const QString duration =
        way.seconds > 0 ? Rollout::tr("in about %1").arg(durationText(way.seconds)) : Rollout::tr("at once");
    if (way.first == way.last)
        return Rollout::tr("%1 %2", "share, and when").arg(percent(way.last, row.maxWeight), duration);
    return Rollout::tr("%1, then on its own to %2 %3")
        .arg(percent(way.first, row.maxWeight), percent(way.last, row.maxWeight), duration);
}

QString actText(RolloutAct act, bool isBlueGreen)
{
    switch (act) {
    case RolloutAct::Promote: return isBlueGreen ? Rollout::tr("Switch") : Rollout::tr("Promote");
    case RolloutAct::PromoteFull: return Rollout::tr("Promote fully");
    case RolloutAct::SkipStep: return Rollout::tr("Skip this step");
    case RolloutAct::SkipAllSteps: return Rollout::tr("Skip all steps");
    case RolloutAct::Pause: return Rollout::tr("Pause");
    case RolloutAct::Resume: return Rollout::tr("Resume");
    case RolloutAct::Abort: return Rollout::tr("Abort");
    case RolloutAct::Retry: return Rollout::tr("Retry");
    case RolloutAct::Restart: return Rollout::tr("Restart");
    case RolloutAct::Undo: return Rollout::tr("Undo…");
    case RolloutAct::SetImage: return Rollout::tr("Set image…");
    }
    return {};
}

QString actIcon(RolloutAct act)
{
    switch (act) {
    case RolloutAct::Promote:
    case RolloutAct::PromoteFull:
    case RolloutAct::SkipStep:
    case RolloutAct::SkipAllSteps: return u"forward"_s;
    case RolloutAct::Pause: return u"stop"_s;
    case RolloutAct::Resume: return u"forward"_s;
    case RolloutAct::Abort: return u"close"_s;
    case RolloutAct::Retry:
    case RolloutAct::Restart: return u"refresh"_s;
    case RolloutAct::Undo: return u"history"_s;
    case RolloutAct::SetImage: return u"more"_s;
    }
    return {};
}

QString actButton(RolloutAct act, const RolloutRow &row)
{
    switch (act) {
    case RolloutAct::Promote:
        return row.isBlueGreen ? Rollout::tr("Switch to the new version")
                               : Rollout::tr("Promote: %1").arg(promotionText(row));
    case RolloutAct::PromoteFull: return Rollout::tr("Promote %1 fully").arg(nameOf(row));
    case RolloutAct::SkipStep: return Rollout::tr("Skip step %1").arg(row.stepIndex + 1);
    case RolloutAct::SkipAllSteps: return Rollout::tr("Skip all steps");
    case RolloutAct::Pause: return Rollout::tr("Pause %1").arg(nameOf(row));
    case RolloutAct::Resume: return Rollout::tr("Resume %1").arg(nameOf(row));
    case RolloutAct::Abort: return Rollout::tr("Abort the update of %1").arg(nameOf(row));
    case RolloutAct::Retry: return Rollout::tr("Retry the update of %1").arg(nameOf(row));
    case RolloutAct::Restart: return Rollout::tr("Restart the pods of %1").arg(nameOf(row));
    case RolloutAct::Undo: return Rollout::tr("Undo the update of %1").arg(nameOf(row));
    case RolloutAct::SetImage: return Rollout::tr("Set the image of %1").arg(nameOf(row));
    }
    return {};
}

QString actConsequence(RolloutAct act, const RolloutRow &row)
{
    const bool isAnalysed = row.analysis == "Running" || row.analysis == "Pending";
    const QString running =
        isAnalysed ? u' ' + Rollout::tr("An analysis runs: it goes on, and its failure still aborts the update.")
                   : QString();
    switch (act) {
    case RolloutAct::Promote:
        if (row.isBlueGreen)
            return Rollout::tr("The active service selects the new version; the old pods stay for a while, so that "
                               "going back is quick.");
        return Rollout::tr("The pause ends: %1. Nothing else is skipped.").arg(promotionText(row)) + running;
    case RolloutAct::PromoteFull:
        return Rollout::tr("Every pause, analysis and step that is left is passed over: the new version gets all of "
                           "the traffic as soon as its pods are ready.");
    case RolloutAct::SkipStep: {
        const bool hasStep = row.stepIndex >= 0 && row.stepIndex < static_cast<int>(row.steps.size());
        return (hasStep ? Rollout::tr("\"%1\" is not waited for.")
                              .arg(stepSentence(row.steps[static_cast<std::size_t>(row.stepIndex)], row.maxWeight))
                        : Rollout::tr("The current step is not waited for."))
               + running;
    }
    case RolloutAct::SkipAllSteps:
        return Rollout::tr("No step is waited for any more: the new version gets all of the traffic.") + running;
    case RolloutAct::Pause:
        return Rollout::tr("Nothing is scaled or switched until it is resumed. Pods and traffic stay as they are.");
    case RolloutAct::Resume: return Rollout::tr("The update goes on from where it stands.");
    case RolloutAct::Abort:
        return row.isBlueGreen ? Rollout::tr("The active service stays with the stable version, and the preview is "
                                             "scaled down. It is Degraded until you revert or retry.")
                               : Rollout::tr("The traffic returns to the stable version, and the new pods are scaled "
                                             "down. It is Degraded until you revert or retry.");
    case RolloutAct::Retry: return Rollout::tr("The same update starts again from its first step.");
    case RolloutAct::Restart: return Rollout::tr("All pods are replaced little by little; the version stays.");
    case RolloutAct::Undo:
        return Rollout::tr(
            "The pod template of an earlier revision is put back: that is a new update, with the same steps.");
    case RolloutAct::SetImage: return Rollout::tr("The new image is a new update, with the same steps.");
    }
    return {};
}

QString gitConsequence(RolloutAct act, const RolloutRow &row)
{
    if (row.app.name.empty())
        return {};
    const QString app = text(row.app.name);
    switch (act) {
    case RolloutAct::Abort:
        return Rollout::tr("Git still asks for the new version: application %1 stays Synced and shows Degraded. To "
                           "stay on the old one, revert in Git.")
            .arg(app);
    case RolloutAct::Undo:
    case RolloutAct::SetImage:
        return row.isAppSelfHealed
                   ? Rollout::tr(
                         "Self-heal of %1 puts the version from Git back within seconds. Change it in Git to keep it.")
                         .arg(app)
               : row.isAppAutomated
                   ? Rollout::tr("%1 is OutOfSync then, until Git follows; the next commit overwrites this.").arg(app)
                   : Rollout::tr("%1 is OutOfSync then, until Git follows; the next sync overwrites this.").arg(app);
    case RolloutAct::Pause:
    case RolloutAct::Restart:
    case RolloutAct::Resume:
        return act == RolloutAct::Pause && row.isAppSelfHealed
                   ? Rollout::tr(
                         "If Git sets spec.paused, self-heal of %1 undoes this; a field that Git leaves out stays.")
                         .arg(app)
                   : QString();
    case RolloutAct::Promote:
    case RolloutAct::PromoteFull:
    case RolloutAct::SkipStep:
    case RolloutAct::SkipAllSteps:
    case RolloutAct::Retry: break;
    }
    return {};
}

bool isGrave(RolloutAct act)
{
    return act == RolloutAct::Abort || act == RolloutAct::PromoteFull || act == RolloutAct::SkipAllSteps
           || act == RolloutAct::Undo || act == RolloutAct::SetImage;
}

QString weightCheckText(service::WeightCheck check)
{
    switch (check) {
    case service::WeightCheck::NotNeeded: return {};
    case service::WeightCheck::NotVerified:
        return Rollout::tr("AWS load balancer: not verified that it has taken the weights");
    case service::WeightCheck::NotTaken: return Rollout::tr("AWS load balancer: has not taken the weights yet");
    case service::WeightCheck::Taken: return Rollout::tr("AWS load balancer: has taken the weights");
    }
    return {};
}

QString analysisText(const service::RolloutDetail &detail, service::WallTime now)
{
    for (const service::AnalysisRow &run : detail.analyses) {
        if (!run.isCurrent)
            continue;
        const QString age = agoText(run.completedAt > 0 ? run.completedAt : run.startedAt, now);
        return age.isEmpty() ? Rollout::tr("Analysis %1: %2").arg(text(run.name), text(run.phase))
                             : Rollout::tr("Analysis %1: %2, %3").arg(text(run.name), text(run.phase), age);
    }
    return {};
}

int rolloutUrgency(const RolloutRow &row)
{
    if (service::waitsForPerson(row.wait))
        return 0;
    switch (row.phase) {
    case RolloutPhase::Degraded: return 1;
    case RolloutPhase::Progressing: return 2;
    case RolloutPhase::Paused: return 3;
    case RolloutPhase::Unknown: return 4;
    case RolloutPhase::Healthy: break;
    }
    return 5;
}

std::vector<service::TreeNode> withRollouts(std::vector<service::TreeNode> tree,
                                            const service::RolloutsSnapshot &rollouts, const std::string &context)
{
    for (service::TreeNode &node : tree) {
        if (node.key.kind != "Rollout" || node.key.group != "argoproj.io")
            continue;
        const auto row = std::ranges::find_if(rollouts.rows, [&](const service::RolloutRowPtr &each) {
            return each->id.name == node.key.name && each->id.ns == node.key.ns && each->id.context == context;
        });
        if (row != rollouts.rows.end())
            node.info = utf8(cardText(**row));
    }
    return tree;
}

} // namespace tiphys::models
