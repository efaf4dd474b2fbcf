// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/application_filter.h"

#include "models/destination_text.h"
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

constexpr QLatin1String kTextOption("filter");

/// Name of \p facet in addresses; never translated.
QLatin1String optionName(Facet facet)
{
    switch (facet) {
    case Facet::Health: return QLatin1String("health");
    case Facet::Sync: return QLatin1String("sync");
    case Facet::Cluster: return QLatin1String("cluster");
    case Facet::Project: return QLatin1String("project");
    case Facet::Namespace: return QLatin1String("namespace");
    }
    return {};
}

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

QMap<QString, QString> optionsOf(const ApplicationFilter &filter)
{
    QMap<QString, QString> options;
    if (!filter.text.trimmed().isEmpty())
        options.insert(kTextOption, filter.text.trimmed());
    for (const auto &[facet, values] : filter.chosen) {
        QStringList words;
        for (const QString &value : values)
            words << QString::fromLatin1(value.toUtf8().toPercentEncoding());
        if (!words.isEmpty())
            options.insert(optionName(facet), words.join(QLatin1Char(',')));
    }
    return options;
}

ApplicationFilter filterOf(const QMap<QString, QString> &options)
{
    ApplicationFilter filter;
    filter.text = options.value(kTextOption);
    for (const Facet facet : kFacets) {
        const auto option = options.find(optionName(facet));
        if (option == options.end())
            continue;
        for (const QString &word : option->split(QLatin1Char(',')))
            filter.chosen[facet].insert(QString::fromUtf8(QByteArray::fromPercentEncoding(word.toLatin1())));
    }
    return filter;
}

bool hasFilter(const QMap<QString, QString> &options)
{
    return options.contains(kTextOption)
           || std::ranges::any_of(kFacets, [&options](Facet facet) { return options.contains(optionName(facet)); });
}

QString filterText(const ApplicationFilter &filter)
{
    QStringList words;
    for (const auto &[facet, values] : filter.chosen) {
        for (const QString &value : values)
            words << (value.isEmpty() ? Filter::tr("no %1", "a facet such as project").arg(facetTitle(facet).toLower())
                                      : value);
    }
    if (!filter.text.trimmed().isEmpty())
        words << filter.text.trimmed();
    return words.join(QLatin1String(", "));
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
    return QString(text(all) + u'\n' + destinationText(row.destination)).toLower();
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
