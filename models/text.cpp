// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::models {

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::Words)
};

constexpr std::array<std::pair<std::string_view, const char16_t *>, 27> kLetters{{
    {"Application", u"app"},
    {"ApplicationSet", u"as"},
    {"ClusterRole", u"cr"},
    {"ClusterRoleBinding", u"crb"},
    {"ConfigMap", u"cm"},
    {"CronJob", u"cj"},
    {"CustomResourceDefinition", u"crd"},
    {"DaemonSet", u"ds"},
    {"Deployment", u"dp"},
    {"Endpoints", u"ep"},
    {"EndpointSlice", u"es"},
    {"HorizontalPodAutoscaler", u"hpa"},
    {"Ingress", u"ing"},
    {"Job", u"job"},
    {"Namespace", u"ns"},
    {"NetworkPolicy", u"np"},
    {"PersistentVolumeClaim", u"pvc"},
    {"Pod", u"po"},
    {"PodDisruptionBudget", u"pdb"},
    {"ReplicaSet", u"rs"},
    {"Role", u"ro"},
    {"RoleBinding", u"rb"},
    {"Rollout", u"ro"},
    {"Secret", u"sec"},
    {"Service", u"svc"},
    {"ServiceAccount", u"sa"},
    {"StatefulSet", u"sts"},
}};

bool isSha(std::string_view revision)
{
    return (revision.size() == 40 || revision.size() == 64)
           && std::ranges::all_of(revision, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

} // namespace

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

std::string utf8(const QString &text)
{
    return text.toStdString();
}

QString ageText(service::WallTime then, service::WallTime now)
{
    if (then == 0)
        return {};
    const qint64 seconds = std::max<qint64>(0, (now - then) / 1000);
    if (seconds < 120)
        return Words::tr("%1 s", "seconds").arg(seconds);
    if (seconds < 120 * 60)
        return Words::tr("%1 min", "minutes").arg(seconds / 60);
    if (seconds < 48 * 3600)
        return Words::tr("%1 h", "hours").arg(seconds / 3600);
    return Words::tr("%1 d", "days").arg(seconds / 86400);
}

QString agoText(service::WallTime then, service::WallTime now)
{
    if (then == 0)
        return {};
    if (now - then < 5000)
        return Words::tr("just now");
    return Words::tr("%1 ago", "%1 is an age such as '4 min'").arg(ageText(then, now));
}

QString exactTimeText(service::WallTime time)
{
    if (time == 0)
        return {};
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(time), QLocale::ShortFormat)
           + QDateTime::fromMSecsSinceEpoch(time).toString(u" (hh:mm:ss)"_s);
}

QString shortRevision(std::string_view revision)
{
    return text(isSha(revision) ? revision.substr(0, 7) : revision);
}

QString commitText(const service::CommitSummary &commit)
{
    if (commit.subject.empty())
        return shortRevision(commit.revision);
    return shortRevision(commit.revision) + u"  "_s + text(commit.subject);
}

QString commitTooltip(const service::CommitSummary &commit)
{
    QStringList lines{text(commit.revision)};
    if (!commit.subject.empty())
        lines << text(commit.subject);
    if (!commit.author.empty())
        lines << text(commit.author);
    if (commit.time != 0)
        lines << exactTimeText(commit.time);
    return lines.join(u'\n');
}

QString repositoryName(std::string_view url)
{
    QString name = text(url);
    while (name.endsWith(u'/'))
        name.chop(1);
    if (name.endsWith(u".git"_s))
        name.chop(4);
    name.replace(u':', u'/');
    const QStringList parts = name.split(u'/', Qt::SkipEmptyParts);
    return parts.mid(std::max<qsizetype>(0, parts.size() - 2)).join(u'/');
}

QString sourceText(const std::vector<service::SourceSummary> &sources)
{
    if (sources.empty())
        return {};
    if (sources.size() > 1)
        return Words::tr("%n source(s)", nullptr, static_cast<int>(sources.size()));
    const service::SourceSummary &source = sources.front();
    const QString repository = repositoryName(source.repoUrl);
    return source.path.empty() ? repository : repository + u" · "_s + text(source.path);
}

QString resourceText(const object::ObjectKey &key, std::string_view outside)
{
    const QString name = text(key.kind) + u' ' + text(key.name);
    if (key.ns.empty() || key.ns == outside)
        return name;
    return Words::tr("%1 in %2", "resource in namespace").arg(name, text(key.ns));
}

QString kindLetters(std::string_view kind)
{
    for (const auto &[name, letters] : kLetters) {
        if (name == kind)
            return QString::fromUtf16(letters);
    }
    QString capitals;
    for (const QChar c : text(kind)) {
        if (c.isUpper())
            capitals += c.toLower();
    }
    if (capitals.size() < 2)
        capitals = text(kind).left(2).toLower();
    return capitals.left(3);
}

QString sentence(std::string_view message)
{
    QString result = text(message).trimmed();
    if (result.isEmpty())
        return result;
    // Names of machines stay as they are: "applications.argoproj.io is forbidden", "https://…".
    const auto isOfName = [](QChar c) { return c == u'.' || c == u'/' || c == u':' || c == u'_' || c.isDigit(); };
    const QString first = result.section(u' ', 0, 0);
    const QString word = first.endsWith(u':') || first.endsWith(u'.') ? first.chopped(1) : first;
    if (std::ranges::none_of(word, isOfName))
        result[0] = result[0].toUpper();
    const QChar last = result.back();
    if (last != u'.' && last != u'!' && last != u'?' && last != u':' && last != u'…')
        result += u'.';
    return result;
}

} // namespace tiphys::models
