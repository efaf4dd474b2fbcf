// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/sort_order.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace tiphys::render::kustomize {

namespace {

using Ranks = std::unordered_map<std::string_view, int>;

const std::vector<std::string> &kindsFirst()
{
    static const std::vector<std::string> kinds{
        "Namespace", "ResourceQuota", "StorageClass", "CustomResourceDefinition", "ServiceAccount", "PodSecurityPolicy",
        "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ConfigMap", "Secret", "Endpoints", "Service",
        "LimitRange", "PriorityClass", "PersistentVolume", "PersistentVolumeClaim", "Deployment", "StatefulSet",
        "CronJob", "PodDisruptionBudget",
    };
    return kinds;
}

const std::vector<std::string> &kindsLast()
{
    static const std::vector<std::string> kinds{"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"};
    return kinds;
}

Ranks ranksOf(const std::vector<std::string> &first, const std::vector<std::string> &last)
{
    Ranks ranks;
    for (std::size_t i = 0; i < first.size(); ++i)
        ranks[first[i]] = static_cast<int>(i) - static_cast<int>(first.size());
    for (std::size_t i = 0; i < last.size(); ++i)
        ranks[last[i]] = static_cast<int>(i) + 1;
    return ranks;
}

int rankOf(const Ranks &ranks, std::string_view kind)
{
    const auto found = ranks.find(kind);
    return found == ranks.end() ? 0 : found->second;
}

std::string sortText(const Gvk &gvk)
{
    const auto part = [](const std::string &text, std::string_view blank) {
        return text.empty() ? std::string(blank) : text;
    };
    return part(gvk.group, "~G") + "_" + part(gvk.version, "~V") + "_" + part(gvk.kind, "~K");
}

std::string sortText(const ResourceId &id)
{
    return id.gvk.text() + "|" + (id.ns.empty() ? "~X" : id.ns) + "|" + (id.name.empty() ? "~N" : id.name);
}

struct Key
{
    int rank = 0;
    std::string gvk;
    std::string id;
    bool isNamespace = false;
    bool hasGroup = false;
};

bool isBeforeKey(const Key &left, const Key &right)
{
    if (left.rank != right.rank)
        return left.rank < right.rank;
    // A Namespace without a group stands behind one with a group.
    const bool isReversed = left.isNamespace && right.isNamespace && (!left.hasGroup || !right.hasGroup);
    if (left.gvk != right.gvk)
        return isReversed ? left.gvk > right.gvk : left.gvk < right.gvk;
    return left.id < right.id;
}

} // namespace

bool isBefore(const Gvk &left, const Gvk &right)
{
    static const Ranks ranks = ranksOf(kindsFirst(), kindsLast());
    const int leftRank = rankOf(ranks, left.kind);
    const int rightRank = rankOf(ranks, right.kind);
    return leftRank != rightRank ? leftRank < rightRank : sortText(left) < sortText(right);
}

Expected<std::vector<std::size_t>> sortedPlaces(const std::vector<ResourceId> &ids,
                                                const std::optional<SortOptions> &options)
{
    std::vector<std::size_t> places(ids.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    if (options && options->order != "fifo" && options->order != "legacy")
        return failure(ErrorCode::InvalidInput, "the field 'sortOptions.order' must be one of [fifo, legacy]");
    if (options && options->order == "fifo") {
        if (options->legacy)
            return failure(ErrorCode::InvalidInput, "the field 'sortOptions.legacySortOptions' is set but the selected "
                                                    "sort order is 'fifo', not 'legacy'");
        return places;
    }
    const bool isCustom = options && options->legacy;
    const Ranks ranks = isCustom ? ranksOf(options->legacy->orderFirst, options->legacy->orderLast)
                                 : ranksOf(kindsFirst(), kindsLast());
    std::vector<Key> keys;
    keys.reserve(ids.size());
    for (const ResourceId &id : ids)
        keys.push_back({rankOf(ranks, id.gvk.kind), sortText(id.gvk), sortText(id),
                        id.gvk.kind == "Namespace", !id.gvk.group.empty()});
    std::ranges::stable_sort(places, [&](std::size_t left, std::size_t right) {
        return isBeforeKey(keys[left], keys[right]);
    });
    return places;
}

} // namespace tiphys::render::kustomize
