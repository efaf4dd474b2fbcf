// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/comparison_text.h"

#include "models/text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;
using tiphys::service::ToolVerdict;

namespace tiphys::models {

namespace {

struct Comparing
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::Comparing)
};

/// Further lines stand in the tooltip only.
constexpr qsizetype kMostLines = 4;

QString verdictLine(const ToolVerdict &verdict)
{
    const QString place = verdict.folder.empty() ? Comparing::tr("the root folder") : text(verdict.folder);
    switch (verdict.kind) {
    case ToolVerdict::Kind::Agrees:
        return Comparing::tr("%1: %2 agrees, %n object(s)", nullptr, verdict.objects).arg(place, text(verdict.tool));
    case ToolVerdict::Kind::Differs:
        return Comparing::tr("%1: %2 differs: %3", "folder, tool, where")
            .arg(place, text(verdict.tool), text(verdict.text));
    case ToolVerdict::Kind::NotAsked:
        return Comparing::tr("%1: not verified: %2", "folder, why").arg(place, text(verdict.text));
    }
    return {};
}

int countOf(const std::vector<ToolVerdict> &verdicts, ToolVerdict::Kind kind)
{
    return static_cast<int>(std::ranges::count(verdicts, kind, &ToolVerdict::kind));
}

} // namespace

QString missingText(const std::vector<std::string> &missing)
{
    QStringList first;
    for (std::size_t i = 0; i < missing.size() && i < 3; ++i)
        first << text(missing[i]);
    if (missing.size() > 3)
        first << u"…"_s;
    return Comparing::tr("%n thing(s) that applications refer to are not here yet: %1", nullptr,
                         static_cast<int>(missing.size()))
        .arg(first.join(u", "_s));
}

QString missingList(const std::vector<std::string> &missing)
{
    QStringList lines;
    for (const std::string &item : missing)
        lines << text(item);
    return lines.join(u'\n');
}

QString verdictsText(const std::vector<ToolVerdict> &verdicts)
{
    if (verdicts.empty())
        return Comparing::tr("Nothing that differs is rendered by Helm or Kustomize.");
    const int agreeing = countOf(verdicts, ToolVerdict::Kind::Agrees);
    const int differing = countOf(verdicts, ToolVerdict::Kind::Differs);
    const int unasked = countOf(verdicts, ToolVerdict::Kind::NotAsked);
    QStringList lines;
    if (differing > 0)
        lines << Comparing::tr("%n source(s) are rendered differently by the tools of this machine.", nullptr,
                               differing);
    else if (agreeing > 0)
        lines << Comparing::tr("The tools of this machine agree on %n source(s).", nullptr, agreeing);
    else
        lines << Comparing::tr("%n source(s) could not be verified.", nullptr, unasked);
    if (unasked > 0 && differing + agreeing > 0)
        lines.back() += u' ' + Comparing::tr("%n could not be verified.", nullptr, unasked);
    for (const ToolVerdict::Kind kind : {ToolVerdict::Kind::Differs, ToolVerdict::Kind::NotAsked}) {
        for (const ToolVerdict &verdict : verdicts) {
            if (verdict.kind == kind && lines.size() <= kMostLines)
                lines << verdictLine(verdict);
        }
    }
    return lines.join(u'\n');
}

QString verdictsList(const std::vector<ToolVerdict> &verdicts)
{
    QStringList lines;
    for (const ToolVerdict &verdict : verdicts)
        lines << verdictLine(verdict);
    return lines.join(u'\n');
}

} // namespace tiphys::models
