// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/palette_list.h"

#include "models/fuzzy.h"
#include "models/text.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace tiphys::models {

namespace {

PaletteEntry entryOf(const service::AppRow &row)
{
    return {PaletteEntry::Kind::Application, text(row.id.name), text(row.id.context) + u" · "_s + text(row.id.ns),
            u"applications"_s, text(row.id.address()), -1, true};
}

} // namespace

void PaletteList::setEntries(std::vector<PaletteEntry> fixed, const service::ApplicationsPtr &applications)
{
    m_fixed = std::move(fixed);
    m_applications = applications;
    setQuery({});
}

void PaletteList::setQuery(const QString &query)
{
    std::vector<std::pair<int, PaletteEntry>> scored;
    for (const PaletteEntry &entry : m_fixed) {
        const int score = fuzzyScore(query, entry.title);
        if (score >= 0)
            scored.emplace_back(score, entry);
    }
    if (m_applications && !query.trimmed().isEmpty()) {
        for (const service::AppRowPtr &row : m_applications->rows) {
            const int score = std::max(fuzzyScore(query, text(row->id.name)), fuzzyScore(query, text(row->id.context + " " + row->id.name)) - 1);
            if (score >= 0)
                scored.emplace_back(score, entryOf(*row));
        }
    }
    std::ranges::stable_sort(scored, std::greater(), [](const auto &entry) { return entry.first; });
    beginResetModel();
    m_matches.clear();
    for (auto &[score, entry] : scored) {
        if (static_cast<int>(m_matches.size()) == kMaxMatches)
            break;
        m_matches.push_back(std::move(entry));
    }
    endResetModel();
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
    return {};
}

} // namespace tiphys::models
