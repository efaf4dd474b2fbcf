// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"

#include <QMap>
#include <QString>

#include <array>
#include <map>
#include <set>
#include <vector>

namespace tiphys::models {

/// What the applications can be narrowed by, in the order of the filter bar.
enum class Facet { Health, Sync, Cluster, Project, Namespace };
inline constexpr std::array kFacets{Facet::Health, Facet::Sync, Facet::Cluster, Facet::Project, Facet::Namespace};

QString facetTitle(Facet facet);
/// The value of \p row that \p facet looks at.
QString facetValue(const service::AppRow &row, Facet facet);

/// One value of a facet with the number of rows that would be shown if it alone were chosen.
struct FacetCount
{
    QString value;
    int count = 0;
    bool isChosen = false;

    bool operator==(const FacetCount &) const = default;
};

/// Which applications are shown: the text and one chosen value of each facet that has any must match.
struct ApplicationFilter
{
    QString text; ///< words that all must be found in name, namespace, project, image or label
    std::map<Facet, std::set<QString>> chosen;

    bool operator==(const ApplicationFilter &) const = default;
    bool isEmpty() const;
};

/// \p filter as the options of an address ("filter", "health", …; those that narrow nothing are left out), and back.
QMap<QString, QString> optionsOf(const ApplicationFilter &filter);
ApplicationFilter filterOf(const QMap<QString, QString> &options);
/// True if \p options say how to filter, were it not at all.
bool hasFilter(const QMap<QString, QString> &options);
/// What \p filter lets through, in a few words: "Degraded, payments".
QString filterText(const ApplicationFilter &filter);

/// What a text filter searches in, in lower case.
QString searchText(const service::AppRow &row);
bool matchesText(const QString &searchText, const QString &words);
bool matchesFacets(const service::AppRow &row, const ApplicationFilter &filter);
/// Values of \p facet among \p rows that match the rest of \p filter; chosen ones stay listed with 0.
std::vector<FacetCount> facetCounts(const std::vector<service::AppRowPtr> &rows, const ApplicationFilter &filter,
                                    Facet facet);

} // namespace tiphys::models
