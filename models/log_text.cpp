// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_text.h"

#include "models/graph_layout.h"
#include "models/status_text.h"
#include "models/text.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <array>
#include <string_view>

using namespace Qt::StringLiterals;

namespace tiphys::models {

using service::LogContainer;
using service::LogState;
using service::TreeNode;

namespace {

struct Log
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::Log)
};

bool isPod(const object::ObjectKey &key)
{
    return key.kind == "Pod" && key.group.empty();
}

/// How the container's last run ended; "" if none did.
QString endText(const LogContainer &container, service::WallTime now)
{
    if (container.endedAt == 0)
        return {};
    const QString ago = agoText(container.endedAt, now);
    return container.reason.empty() || container.state != LogContainer::State::Ended
               ? Log::tr("The container ended %1 with exit code %2.").arg(ago).arg(container.exitCode)
               : Log::tr("The container ended %1 with exit code %2 (%3).")
                     .arg(ago)
                     .arg(container.exitCode)
                     .arg(text(container.reason));
}

QString waitingText(const service::LogNews &news)
{
    if (!news.container.reason.empty())
        return Log::tr("The container has not started yet: %1. Its log begins when it does.")
            .arg(text(news.container.reason));
    if (!news.problem.empty())
        return sentence(news.problem);
    return Log::tr("The container has not started yet. Its log begins when it does.");
}

QString endedText(const service::LogNews &news, const service::LogRequest &request, service::WallTime now)
{
    if (request.isPrevious)
        return Log::tr("This is the log of the run before the last restart.");
    QStringList sentences;
    if (news.container.state == LogContainer::State::Running)
        sentences << Log::tr("This is the log so far; it is not followed.");
    if (const QString end = endText(news.container, now);
        !end.isEmpty() && news.container.state != LogContainer::State::Running)
        sentences << end;
    if (news.container.state == LogContainer::State::Waiting && request.follows)
        sentences << Log::tr("The log goes on when it starts again.");
    return sentences.isEmpty() ? Log::tr("The log has ended.") : sentences.join(u' ');
}

} // namespace

bool hasPodLogs(const object::ObjectKey &key)
{
    struct Owner
    {
        std::string_view group;
        std::string_view kind;
    };
    constexpr std::array kOwners{Owner{"apps", "ReplicaSet"},     Owner{"apps", "Deployment"},
                                 Owner{"apps", "StatefulSet"},    Owner{"apps", "DaemonSet"},
                                 Owner{"batch", "Job"},           Owner{"batch", "CronJob"},
                                 Owner{"argoproj.io", "Rollout"}, Owner{"", "ReplicationController"}};
    return isPod(key) || std::ranges::any_of(kOwners, [&](const Owner &owner) {
               return owner.kind == key.kind && owner.group == key.group;
           });
}

std::vector<TreeNode> podsBelow(const std::vector<TreeNode> &tree, const object::ObjectKey &key)
{
    std::vector<TreeNode> pods;
    std::vector<bool> isBelow(tree.size(), false);
    // Parents come before children.
    for (std::size_t i = 0; i < tree.size(); ++i) {
        const int parent = tree[i].parent;
        isBelow[i] = tree[i].key == key || (parent >= 0 && isBelow[static_cast<std::size_t>(parent)]);
        if (isBelow[i] && isPod(tree[i].key) && tree[i].isLive)
            pods.push_back(tree[i]);
    }
    return pods;
}

int firstPod(const std::vector<TreeNode> &pods)
{
    const auto worst = std::ranges::max_element(pods, {}, [](const TreeNode &pod) { return badness(pod.health); });
    return worst == pods.end() ? -1 : static_cast<int>(worst - pods.begin());
}

QString podChoiceText(const TreeNode &pod)
{
    const QString health = statusWord(pod.health);
    return health.isEmpty() ? text(pod.key.name) : text(pod.key.name) + u" · "_s + health;
}

QString logContainerText(const LogContainer &container)
{
    QStringList parts{text(container.name)};
    switch (container.kind) {
    case LogContainer::Kind::Ordinary: break;
    case LogContainer::Kind::Init: parts << Log::tr("init", "kind of container"); break;
    case LogContainer::Kind::Sidecar: parts << Log::tr("sidecar", "kind of container"); break;
    case LogContainer::Kind::Ephemeral: parts << Log::tr("ephemeral", "kind of container"); break;
    }
    if (container.state == LogContainer::State::Waiting)
        parts << (container.reason.empty() ? Log::tr("waits", "state of a container") : text(container.reason));
    if (container.state == LogContainer::State::Ended)
        parts << Log::tr("ended", "state of a container");
    return parts.join(u" · "_s);
}

QString logStateText(const service::LogNews &news, const service::LogRequest &request, service::WallTime now)
{
    switch (news.state) {
    case LogState::Asking: return Log::tr("Asking the cluster…");
    case LogState::Reading:
        return request.follows ? Log::tr("New lines appear as they are written.") : Log::tr("Reading…");
    case LogState::Waiting: return waitingText(news);
    case LogState::Lost: return Log::tr("The log is cut off, and is asked for again: %1").arg(sentence(news.problem));
    case LogState::Ended: return endedText(news, request, now);
    case LogState::Gone:
        return Log::tr("The pod is gone. What was read of its log stays here until another one is chosen.");
    case LogState::Refused:
    case LogState::Failed: return sentence(news.problem);
    }
    return {};
}

QString logLineText(const service::LogLine &line, LogTimes times)
{
    static const QRegularExpression escapes(
        u"\\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)?|[@-Z\\\\^_])"_s);
    QString shown = text(line.text);
    if (shown.contains(u'\x1b'))
        shown.remove(escapes);
    if (shown.endsWith(u'\r'))
        shown.chop(1);
    for (QChar &character : shown) {
        const bool breaksLines = character == QChar::LineSeparator || character == QChar::ParagraphSeparator
                                 || (character < u' ' && character != u'\t');
        if (breaksLines)
            character = u' ';
    }
    return times == LogTimes::Hidden || line.time.empty() ? shown : text(line.time) + u' ' + shown;
}

} // namespace tiphys::models
