// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/palette_list.h"

#include "models/fuzzy.h"
#include "models/text.h"

#include <algorithm>
#include <cctype>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::models {

namespace {

using service::AppRow;
using service::RolloutRow;

/// A recent place comes before others of nearly the same score.
constexpr int kRecentBonus = 60;
constexpr int kCommitScore = 900;
constexpr int kImageScore = 500;
constexpr qsizetype kShortestCommit = 5;
constexpr qsizetype kShortestImage = 3;

enum class Source { Entry, Application, Rollout };

struct Candidate
{
    int score = -1;
    Source source = Source::Entry;
    std::size_t index = 0;
    QString why = {}; ///< instead of the usual detail
};

bool containsLower(std::string_view whole, std::string_view lower)
{
    const auto isSame = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    return !std::ranges::search(whole, lower, isSame).empty();
}

PaletteEntry entryOf(const AppRow &row, const QString &why)
{
    const QString place = text(row.id.context) + u" · "_s + text(row.id.ns);
    return {PaletteEntry::Kind::Application, text(row.id.name),
            why.isEmpty() ? place : why + u" · "_s + text(row.id.context), u"applications"_s, text(row.id.address())};
}

PaletteEntry entryOf(const RolloutRow &row)
{
    PaletteEntry entry{
        PaletteEntry::Kind::Rollout, text(row.id.name),
        PaletteList::tr("Rollout · %1", "context and namespace").arg(text(row.id.context) + u" · "_s + text(row.id.ns)),
        u"forward"_s};
    entry.rollout = row.id;
    return entry;
}

/// How well \p row answers; an image or commit that answers better than the name is told.
Candidate candidateOf(const AppRow &row, std::size_t index, const QString &query, const std::string &lower)
{
    Candidate best{
        std::max(fuzzyScore(query, text(row.id.name)), fuzzyScore(query, text(row.id.context + " " + row.id.name)) - 1),
        Source::Application, index};
    const auto consider = [&best](int score, const QString &why) {
        if (score > best.score) {
            best.score = score;
            best.why = why;
        }
    };
    if (query.size() >= kShortestCommit && row.revision.starts_with(lower))
        consider(kCommitScore, shortRevision(row.revision) + u' ' + text(row.commit.subject));
    if (query.size() < kShortestImage)
        return best;
    if (containsLower(row.commit.subject, lower))
        consider(kImageScore, commitText(row.commit));
    for (const std::string &image : row.images) {
        if (containsLower(image, lower))
            consider(kImageScore, text(image));
    }
    return best;
}

} // namespace

QString placeKey(const service::AppId &app)
{
    return text(app.address());
}

QString placeKey(const service::RolloutId &rollout)
{
    return u"rollout:"_s + text(rollout.context) + u'/' + text(rollout.ns) + u'/' + text(rollout.name);
}

void PaletteList::setContents(PaletteContents contents)
{
    m_contents = std::move(contents);
    setQuery({});
}

void PaletteList::setQuery(const QString &query)
{
    const QString words = query.trimmed();
    std::vector<PaletteEntry> matches = words.isEmpty() ? recentPlaces() : matchesOf(words);
    if (words.isEmpty())
        std::ranges::copy_if(m_contents.entries, std::back_inserter(matches),
                             [](const PaletteEntry &entry) { return entry.kind != PaletteEntry::Kind::Thing; });
    if (matches.size() > static_cast<std::size_t>(kMaxMatches))
        matches.resize(static_cast<std::size_t>(kMaxMatches));
    beginResetModel();
    m_matches = std::move(matches);
    endResetModel();
}

std::vector<PaletteEntry> PaletteList::recentPlaces() const
{
    std::vector<std::pair<qsizetype, PaletteEntry>> places;
    const auto add = [this, &places](const QString &key, const auto &make) {
        if (const qsizetype at = m_contents.recent.indexOf(key); at >= 0)
            places.emplace_back(at, make());
    };
    if (m_contents.recent.isEmpty())
        return {};
    if (m_contents.applications) {
        for (const service::AppRowPtr &row : m_contents.applications->rows)
            add(placeKey(row->id), [&row] { return entryOf(*row, {}); });
    }
    if (m_contents.rollouts) {
        for (const service::RolloutRowPtr &row : m_contents.rollouts->rows)
            add(placeKey(row->id), [&row] { return entryOf(*row); });
    }
    std::ranges::stable_sort(places, {}, [](const auto &place) { return place.first; });
    std::vector<PaletteEntry> entries;
    for (auto &[at, entry] : places) {
        if (static_cast<int>(entries.size()) < kMaxRecent)
            entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<PaletteEntry> PaletteList::matchesOf(const QString &query) const
{
    std::vector<Candidate> candidates;
    const auto add = [this, &candidates](Candidate candidate, const QString &key) {
        if (candidate.score < 0)
            return;
        if (!key.isEmpty() && m_contents.recent.contains(key))
            candidate.score += kRecentBonus;
        candidates.push_back(std::move(candidate));
    };
    for (std::size_t i = 0; i < m_contents.entries.size(); ++i)
        add({fuzzyScore(query, m_contents.entries[i].title), Source::Entry, i}, {});
    const std::string lower = utf8(query.toLower());
    if (m_contents.applications) {
        const auto &rows = m_contents.applications->rows;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            Candidate candidate = candidateOf(*rows[i], i, query, lower);
            if (candidate.score >= 0)
                add(std::move(candidate), placeKey(rows[i]->id));
        }
    }
    if (m_contents.rollouts) {
        const auto &rows = m_contents.rollouts->rows;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const service::RolloutId &id = rows[i]->id;
            // Of one name the application is the wider answer.
            const int score =
                std::max(fuzzyScore(query, text(id.name)), fuzzyScore(query, text(id.context + " " + id.name))) - 2;
            if (score >= 0)
                add({score, Source::Rollout, i}, placeKey(id));
        }
    }
    std::ranges::stable_sort(candidates, std::greater(), &Candidate::score);
    if (candidates.size() > static_cast<std::size_t>(kMaxMatches))
        candidates.resize(static_cast<std::size_t>(kMaxMatches));
    std::vector<PaletteEntry> matches;
    for (const Candidate &candidate : candidates) {
        switch (candidate.source) {
        case Source::Entry: matches.push_back(m_contents.entries[candidate.index]); break;
        case Source::Application:
            matches.push_back(entryOf(*m_contents.applications->rows[candidate.index], candidate.why));
            break;
        case Source::Rollout: matches.push_back(entryOf(*m_contents.rollouts->rows[candidate.index])); break;
        }
    }
    return matches;
}

int PaletteList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_matches.size());
}

QVariant PaletteList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const PaletteEntry &entry = entryAt(index.row());
    if (role == Qt::DisplayRole)
        return entry.title;
    if (role == Qt::AccessibleTextRole)
        return QString(entry.title + u", "_s + entry.detail);
    if (role == Qt::ToolTipRole)
        return QString(entry.title + u'\n' + entry.detail);
    return {};
}

} // namespace tiphys::models
