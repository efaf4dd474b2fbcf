// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/application_filter.h"

#include "models/status_text.h"
#include "models/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace tiphys::models {

namespace {

struct Filter
{
    Q_DECLARE_TR_FUNCTIONS(tiphys::models::Filter)
};

} // namespace

QString facetTitle(Facet facet)
{
    switch (facet) {
    case Facet::Health: return Filter::tr("Health");
    case Facet::Sync: return Filter::tr("Sync", "noun: sync status");
    case Facet::Cluster: return Filter::tr("Cluster");
    case Facet::Project: return Filter::tr("Project");
    case Facet::Namespace: return Filter::tr("Namespace");
    }
    return {};
}

QString facetValue(const service::AppRow &row, Facet facet)
{
    switch (facet) {
    case Facet::Health: return statusWord(row.health);
    case Facet::Sync: return statusWord(row.sync);
    case Facet::Cluster: return text(row.id.context);
    case Facet::Project: return text(row.project);
    case Facet::Namespace: return text(row.destinationNamespace);
    }
    return {};
}

bool ApplicationFilter::isEmpty() const
{
    return text.trimmed().isEmpty()
        && std::ranges::all_of(chosen, [](const auto &entry) { return entry.second.empty(); });
}

QString searchText(const service::AppRow &row)
{
    std::string all = row.id.name + '\n' + row.id.ns + '\n' + row.project + '\n' + row.id.context + '\n'
        + row.destination + '\n' + row.destinationNamespace;
    for (const service::SourceSummary &source : row.sources)
        all += '\n' + source.repoUrl + '\n' + source.path;
    for (const std::string &image : row.images)
        all += '\n' + image;
    for (const auto &[name, value] : row.labels)
        all += '\n' + name + '=' + value;
    return text(all).toLower();
}

bool matchesText(const QString &searchText, const QString &words)
{
    for (const QStringView word : QStringView(words).split(u' ', Qt::SkipEmptyParts)) {
        if (!searchText.contains(word, Qt::CaseInsensitive))
            return false;
    }
    return true;
}

bool matchesFacets(const service::AppRow &row, const ApplicationFilter &filter)
{
    for (const auto &[facet, values] : filter.chosen) {
        if (!values.empty() && !values.contains(facetValue(row, facet)))
            return false;
    }
    return true;
}

std::vector<FacetCount> facetCounts(const std::vector<service::AppRowPtr> &rows, const ApplicationFilter &filter,
                                    Facet facet)
{
    ApplicationFilter others = filter;
    others.chosen.erase(facet);
    std::map<QString, int> counts;
    for (const service::AppRowPtr &row : rows) {
        if (!matchesFacets(*row, others))
            continue;
        if (!others.text.isEmpty() && !matchesText(searchText(*row), others.text))
            continue;
        ++counts[facetValue(*row, facet)];
    }
    const auto chosen = filter.chosen.find(facet);
    if (chosen != filter.chosen.end()) {
        for (const QString &value : chosen->second)
            counts.try_emplace(value, 0);
    }
    std::vector<FacetCount> result;
    for (const auto &[value, count] : counts) {
        const bool isChosen = chosen != filter.chosen.end() && chosen->second.contains(value);
        result.push_back({value, count, isChosen});
    }
    std::ranges::stable_sort(result, std::greater(), &FacetCount::count);
    return result;
}

} // namespace tiphys::models
