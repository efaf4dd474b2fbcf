// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/rbac.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace tiphys::sync {

using object::Value;

namespace {

constexpr std::array<std::string_view, 5> kRuleFields{"verbs", "apiGroups", "resources", "resourceNames",
                                                      "nonResourceURLs"};
constexpr std::array<std::string_view, 5> kRuleNames{"Verbs", "APIGroups", "Resources", "ResourceNames",
                                                     "NonResourceURLs"};

bool isBinding(const object::Object &object)
{
    return object.kind() == "RoleBinding" || object.kind() == "ClusterRoleBinding";
}

std::vector<Value> itemsOf(const Value &list)
{
    std::vector<Value> items;
    for (const Value &item : list.items())
        items.push_back(item);
    return items;
}

/// Every combination of one verb, group, resource and name (or one verb and URL) that \p rules allow.
std::vector<Value> singleRules(const Value &rules)
{
    std::vector<Value> singles;
    const auto one = [](const Value &item) { return Value::list({item}); };
    for (const Value &rule : itemsOf(rules)) {
        std::vector<Value> names = itemsOf(rule["resourceNames"]);
        const bool hasNames = !names.empty();
        if (!hasNames)
            names.emplace_back();
        for (const Value &group : itemsOf(rule["apiGroups"])) {
            for (const Value &resource : itemsOf(rule["resources"])) {
                for (const Value &verb : itemsOf(rule["verbs"])) {
                    for (const Value &name : names) {
                        Value single =
                            Value::map({{"verbs", one(verb)}, {"apiGroups", one(group)}, {"resources", one(resource)}});
                        singles.push_back(hasNames ? single.with("resourceNames", one(name)) : single);
                    }
                }
            }
        }
        for (const Value &url : itemsOf(rule["nonResourceURLs"])) {
            for (const Value &verb : itemsOf(rule["verbs"]))
                singles.push_back(Value::map({{"verbs", one(verb)}, {"nonResourceURLs", one(url)}}));
        }
    }
    return singles;
}

bool listsText(const Value &list, std::string_view text)
{
    const std::vector<Value> items = itemsOf(list);
    return std::ranges::any_of(items, [&](const Value &item) { return item.stringOr() == text; });
}

bool coversResource(const Value &owned, std::string_view resource)
{
    if (listsText(owned, "*") || listsText(owned, resource))
        return true;
    const std::size_t slash = resource.find('/');
    return slash != std::string_view::npos && listsText(owned, "*/" + std::string(resource.substr(slash + 1)));
}

bool coversUrl(const Value &owned, std::string_view url)
{
    const std::vector<Value> patterns = itemsOf(owned);
    return std::ranges::any_of(patterns, [&](const Value &pattern) {
        const std::string_view text = pattern.stringOr();
        return text == "*" || text == url
               || (text.ends_with('*') && url.starts_with(text.substr(0, text.find_last_not_of('*') + 1)));
    });
}

/// Does the whole of \p rule allow \p single.
bool covers(const Value &rule, const Value &single)
{
    const auto text = [&](std::string_view field) { return single[field].at(0).stringOr(); };
    if (!listsText(rule["verbs"], "*") && !listsText(rule["verbs"], text("verbs")))
        return false;
    if (single.contains("nonResourceURLs"))
        return coversUrl(rule["nonResourceURLs"], text("nonResourceURLs"));
    const bool coversGroup = listsText(rule["apiGroups"], "*") || listsText(rule["apiGroups"], text("apiGroups"));
    if (!coversGroup || !coversResource(rule["resources"], text("resources")))
        return false;
    if (rule["resourceNames"].isEmpty())
        return true;
    return single.contains("resourceNames") && listsText(rule["resourceNames"], text("resourceNames"));
}

std::vector<Value> missingRules(const Value &owned, const Value &wanted)
{
    const std::vector<Value> owners = itemsOf(owned);
    std::vector<Value> missing = singleRules(wanted);
    std::erase_if(missing, [&](const Value &single) {
        return std::ranges::any_of(owners, [&](const Value &rule) { return covers(rule, single); });
    });
    return missing;
}

std::vector<Value> missingItems(const Value &owned, const Value &wanted)
{
    const std::vector<Value> present = itemsOf(owned);
    std::vector<Value> missing = itemsOf(wanted);
    std::erase_if(missing, [&](const Value &item) { return std::ranges::contains(present, item); });
    return missing;
}

/// \p object with labels and annotations of \p target added; its own win.
object::Object withMarksOf(const object::Object &object, const object::Object &target)
{
    Value value = object.value();
    for (const std::string_view field : {"annotations", "labels"}) {
        Value merged = target.path({"metadata", field});
        const Value own = value.path({"metadata", field});
        for (const auto &[key, text] : own.entries())
            merged = merged.with(key, text);
        if (!merged.isEmpty() && merged != own)
            value = value.withPath({"metadata", field}, merged);
    }
    return object::Object(value);
}

Value appendedAll(const Value &list, const std::vector<Value> &more)
{
    std::vector<Value> items = itemsOf(list);
    items.insert(items.end(), more.begin(), more.end());
    return Value::list(items);
}

/// As Go prints a rule: {Verbs:[get] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}.
std::string printedRule(const Value &rule)
{
    std::string text = "{";
    for (std::size_t i = 0; i < kRuleFields.size(); ++i) {
        text += (i > 0 ? " " : "") + std::string(kRuleNames[i]) + ":[";
        const std::vector<Value> items = itemsOf(rule[kRuleFields[i]]);
        for (std::size_t j = 0; j < items.size(); ++j)
            text += (j > 0 ? " " : "") + std::string(items[j].stringOr());
        text += ']';
    }
    return text + '}';
}

std::string printedSubject(const Value &subject)
{
    const auto field = [&](std::string_view name) { return std::string(subject[name].stringOr()); };
    return "{Kind:" + field("kind") + " APIGroup:" + field("apiGroup") + " Name:" + field("name")
           + " Namespace:" + field("namespace") + '}';
}

template <typename Print>
std::string section(std::string_view title, const std::vector<Value> &items, Print print)
{
    std::string text;
    for (const Value &item : items)
        text += "\n\t\t" + print(item);
    return items.empty() ? text : "\n\t" + std::string(title) + text;
}

/// An object whose annotation says that it wants none is not reconciled, only told what it would have got.
bool optsOut(const object::Object &live)
{
    return live.annotation("rbac.authorization.kubernetes.io/autoupdate") == "false";
}

RbacReconciliation reconciliation(RbacReconciliation::Operation operation, const object::Object &live,
                                  object::Object body, const std::string &additions)
{
    using Operation = RbacReconciliation::Operation;
    RbacReconciliation result;
    result.detail = std::string("reconciliation required ") + (operation == Operation::Update ? "update" : "recreate");
    if (optsOut(live)) {
        result.detail += ", but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)";
    } else {
        result.operation = operation;
        result.body = std::move(body);
    }
    result.detail += additions;
    return result;
}

/// The aggregation of \p live with the selectors of \p target added; none where the target has none.
object::Object withAggregationOf(const object::Object &object, const object::Object &target, const object::Object &live)
{
    const std::vector<std::string_view> path{"aggregationRule", "clusterRoleSelectors"};
    if (target.path({"aggregationRule"}).isNull())
        return object::Object(object.value().without("aggregationRule"));
    const Value selectors = live.path({"aggregationRule", "clusterRoleSelectors"});
    const std::vector<Value> added = missingItems(selectors, target.path({"aggregationRule", "clusterRoleSelectors"}));
    return added.empty() ? object : object::Object(object.value().withPath(path, appendedAll(selectors, added)));
}

RbacReconciliation reconciledRole(const object::Object &target, const object::Object &live)
{
    object::Object body = withMarksOf(live, target);
    const std::vector<Value> missing = missingRules(live.path({"rules"}), target.path({"rules"}));
    if (!missing.empty())
        body = object::Object(body.value().with("rules", appendedAll(live.path({"rules"}), missing)));
    body = withAggregationOf(body, target, live);
    if (body == live)
        return {};
    return reconciliation(RbacReconciliation::Operation::Update, live, body,
                          section("missing rules added:", missing, printedRule));
}

/// Subjects of \p target that \p live has not, each once; what is not said is as good as "".
std::vector<Value> missingSubjects(const object::Object &target, const object::Object &live)
{
    std::set<std::string> known;
    for (const Value &subject : itemsOf(live.path({"subjects"})))
        known.insert(printedSubject(subject));
    std::vector<Value> missing = itemsOf(target.path({"subjects"}));
    std::erase_if(missing, [&](const Value &subject) { return !known.insert(printedSubject(subject)).second; });
    return missing;
}

RbacReconciliation reconciledBinding(const object::Object &target, const object::Object &live)
{
    // The server fills in the group that a target leaves out: such a binding is made anew each time.
    const bool isOfSameRole =
        std::ranges::all_of(std::array<std::string_view, 3>{"apiGroup", "kind", "name"}, [&](std::string_view field) {
            return live.path({"roleRef", field}).stringOr() == target.path({"roleRef", field}).stringOr();
        });
    if (!isOfSameRole)
        return reconciliation(RbacReconciliation::Operation::Recreate, live, target, {});
    const std::vector<Value> missing = missingSubjects(target, live);
    object::Object body = withMarksOf(live, target);
    if (!missing.empty())
        body = object::Object(body.value().with("subjects", appendedAll(live.path({"subjects"}), missing)));
    if (body == live)
        return {};
    return reconciliation(RbacReconciliation::Operation::Update, live, body,
                          section("missing subjects added:", missing, printedSubject));
}

} // namespace

bool isReconciledRbac(const object::Object &target)
{
    return target.apiVersion() == "rbac.authorization.k8s.io/v1"
           && (isBinding(target) || target.kind() == "Role" || target.kind() == "ClusterRole");
}

RbacReconciliation reconciliationOf(const object::Object &target, const object::Object &live)
{
    if (live.isNull()) {
        const std::string added =
            isBinding(target) ? section("missing subjects added:", itemsOf(target.path({"subjects"})), printedSubject)
                              : section("missing rules added:", itemsOf(target.path({"rules"})), printedRule);
        return {.operation = RbacReconciliation::Operation::Create,
                .body = target,
                .detail = "reconciliation required create" + added};
    }
    return isBinding(target) ? reconciledBinding(target, live) : reconciledRole(target, live);
}

} // namespace tiphys::sync
