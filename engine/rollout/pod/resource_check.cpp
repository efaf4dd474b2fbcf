// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/resource_check.h"

#include "base/text.h"
#include "object/json.h"
#include "rollout/pod/name_rules.h"
#include "rollout/pod/quantities.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;
using schema::Quantity;

namespace {

constexpr int kMilli = -3;
constexpr std::string_view kHugePages = "hugepages-";
constexpr std::string_view kStandard[] = {
    "configmaps",
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "storage",
};
constexpr std::string_view kWhole[] = {
    "configmaps",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
};

bool isNative(std::string_view name)
{
    return !name.contains('/') || name.contains("kubernetes.io/");
}

bool isExtended(std::string_view name)
{
    return !isNative(name) && !name.starts_with("requests.")
           && qualifiedNameProblems("requests." + std::string(name)).empty();
}

bool allowsOvercommit(std::string_view name)
{
    return isNative(name) && !name.starts_with(kHugePages);
}

void checkResourceName(std::string_view name, const FieldPath &path, Findings &findings)
{
    const Problems problems = qualifiedNameProblems(name);
    findings.each(path, name, problems);
    if (!name.contains('/')) {
        const bool isHuge = name.starts_with(kHugePages);
        if (problems.empty() && !isHuge && !name.starts_with("requests.hugepages-")
            && !std::ranges::contains(kStandard, name))
            findings.invalid(path, Value(name), "must be a standard resource type or fully qualified");
        if (!isHuge && name != "cpu" && name != "memory" && name != "ephemeral-storage")
            findings.invalid(path, Value(name), "must be a standard resource for containers");
    } else if (!isNative(name) && !isExtended(name)) {
        findings.invalid(path, Value(name), "doesn't follow extended resource name standard");
    }
}

void checkAmount(std::string_view name, const Quantity &amount, const FieldPath &path, Findings &findings)
{
    if (amount.isNegative())
        findings.invalid(path, Value(amount.text()), "must be greater than or equal to 0");
    if ((std::ranges::contains(kWhole, name) || isExtended(name)) && !amount.isWhole())
        findings.invalid(path, Value(amount.text()), "must be an integer");
}

/// The amount as the API server rounds it.
std::optional<Quantity> amountOf(const Value &value)
{
    const std::optional<Quantity> quantity = quantityOf(value);
    return quantity ? std::optional(quantity->roundedUp(kMilli)) : std::nullopt;
}

/// What a request has to do with the limit.
void checkLimit(std::string_view name, const Quantity &request, const Value &limits, const FieldPath &path,
                Findings &findings)
{
    const FieldPath requestsPath = path.child("requests");
    const std::optional<Quantity> limit = amountOf(limits[name]);
    const std::string told = std::string(name) + " limit of " + (limit ? limit->text() : "");
    if (limit && !allowsOvercommit(name)) {
        if (request.compare(*limit) != 0)
            findings.invalid(requestsPath, Value(request.text()), "must be equal to " + told);
    } else if (limit) {
        if (request.compare(*limit) > 0)
            findings.invalid(requestsPath, Value(request.text()), "must be less than or equal to " + told);
    } else if (!allowsOvercommit(name)) {
        findings.required(path.child("limits"), "Limit must be set for non overcommitable resources");
    }
}

void checkClaimUses(const Value &uses, const std::set<std::string> &claims, const FieldPath &path, Findings &findings)
{
    std::set<std::string> names;
    std::string known = claims.empty() ? " which is empty" : ": ";
    known += join({claims.begin(), claims.end()}, ", ");
    eachItem(uses, path, [&](const Value &use, const FieldPath &usePath) {
        const std::string name(textIn(use, "name"));
        if (name.empty()) {
            findings.required(usePath);
            return;
        }
        const std::string request(textIn(use, "request"));
        if (names.contains(name)) {
            findings.duplicate(usePath, name);
        } else {
            if (!request.empty())
                findings.each(usePath.child("request"), request, dnsLabelProblems(request));
            const std::string key = request.empty() ? name : name + "/" + request;
            if (names.contains(key))
                findings.duplicate(usePath, key);
            else if (request.empty())
                for (const std::string &other : names)
                    if (other.starts_with(name + "/"))
                        findings.duplicate(usePath, name);
            names.insert(key);
        }
        if (!claims.contains(name))
            findings.notFound(usePath, name, "must be one of the names in pod.spec.resourceClaims" + known);
    });
}

} // namespace

std::optional<Quantity> quantityOf(const Value &value)
{
    if (value.isNumber())
        return Quantity::parsed(object::toJson(value));
    return value.isString() ? Quantity::parsed(trimmed(value.stringOr())) : std::nullopt;
}

void checkResources(const Value &resources, const std::set<std::string> &claims, const FieldPath &path,
                    Findings &findings)
{
    bool hasHugePages = false;
    bool hasCompute = false;
    const Value limits = resources["limits"];
    const auto look = [&](const Value &amounts, const FieldPath &amountsPath, bool areRequests) {
        for (const auto &[name, value] : amounts.sortedEntries()) {
            const std::optional<Quantity> amount = amountOf(value);
            if (!amount)
                continue;
            const FieldPath amountPath = amountsPath.key(name);
            checkResourceName(name, amountPath, findings);
            checkAmount(name, *amount, amountPath, findings);
            if (areRequests)
                checkLimit(name, *amount, limits, path, findings);
            hasHugePages = hasHugePages || name.starts_with(kHugePages);
            hasCompute = hasCompute || name == "cpu" || name == "memory";
        }
    };
    look(limits, path.child("limits"), false);
    look(resources["requests"], path.child("requests"), true);
    if (hasHugePages && !hasCompute)
        findings.forbidden(path, "HugePages require cpu or memory");
    checkClaimUses(resources["claims"], claims, path.child("claims"), findings);
}

void checkOverhead(const Value &overhead, const FieldPath &path, Findings &findings)
{
    checkResources(Value::map({{"limits", overhead}}), {}, path, findings);
}

void checkResourceClaims(const Value &claims, const FieldPath &path, Findings &findings)
{
    std::set<std::string> names;
    eachItem(claims, path, [&](const Value &claim, const FieldPath &claimPath) {
        const std::string name(textIn(claim, "name"));
        const FieldPath namePath = claimPath.child("name");
        if (name.empty())
            findings.required(namePath);
        else if (!names.insert(name).second)
            findings.duplicate(namePath, name);
        else
            findings.each(namePath, name, dnsLabelProblems(name));
        const Value direct = claim["resourceClaimName"];
        const Value made = claim["resourceClaimTemplateName"];
        // Go prints its own field names here.
        const std::string shown = object::toJson(
            Value::map({{"Name", name}, {"ResourceClaimName", direct}, {"ResourceClaimTemplateName", made}}),
            {.order = object::KeyOrder::Kept, .escapesHtml = true});
        if (isSet(direct) && isSet(made))
            findings.invalidJson(claimPath, shown,
                                 "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
        if (!isSet(direct) && !isSet(made))
            findings.invalidJson(claimPath, shown,
                                 "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
        if (isSet(direct))
            findings.each(claimPath.child("resourceClaimName"), direct.stringOr(),
                          dnsSubdomainProblems(direct.stringOr()));
        if (isSet(made))
            findings.each(claimPath.child("resourceClaimTemplateName"), made.stringOr(),
                          dnsSubdomainProblems(made.stringOr()));
    });
}

} // namespace tiphys::rollout
