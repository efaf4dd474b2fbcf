// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/compare/answers.h"

#include "compare/defaults.h"
#include "compare/diff.h"
#include "compare/json_merge.h"
#include "compare/strategic_merge.h"
#include "object/json.h"
#include "schema/typed.h"

namespace tiphys::compare {

using object::Object;
using object::Value;

namespace {

Value failed(const Error &error)
{
    return Value::map({{"error", error.text()}});
}

Value diffAnswer(const Value &request)
{
    const Object target(request["target"]);
    const Object live(request["live"]);
    DiffOptions options;
    options.mode = request["smd"].boolOr(false) ? DiffMode::StructuredMerge : diffModeOf(false, false, &target);
    options.roles =
        request["ignoreAggregatedRoles"].boolOr(false) ? AggregatedRoles::Ignored : AggregatedRoles::Compared;
    const Expected<DiffResult> result = diffOf(&target, &live, options);
    if (!result)
        return failed(result.error());
    return Value::map({{"modified", result->isModified},
                       {"normalizedLive", result->normalizedLive.value()},
                       {"predictedLive", result->predictedLive.value()}});
}

Value patchAnswer(const Value &request)
{
    const Draft original(request["original"]);
    const Draft target(request["target"]);
    const Draft live(request["live"]);
    const schema::Type *type = schema::typeOf(Object(request["target"]).gvk());
    if (!type)
        return Value::map({{"value", jsonThreeWayPatch(original, target, live).toValue()}});
    const Expected<Draft> patch = strategicThreeWayPatch(original, target, live, *type);
    return patch ? Value::map({{"value", patch->toValue()}}) : failed(patch.error());
}

Value defaultsAnswer(const Value &request)
{
    const schema::Type *type = schema::typeOf(Object(request["live"]).gvk());
    if (!type)
        return failed(Error(ErrorCode::Unsupported, "no built-in type"));
    const Expected<Value> typed = schema::asTyped(request["live"], *type, schema::UnknownFields::Drop);
    if (!typed)
        return failed(typed.error());
    Draft draft(*typed);
    applyDefaults(draft, *type);
    return Value::map({{"value", draft.toValue()}});
}

} // namespace

Value answerTo(const Value &request)
{
    const std::string_view op = request["op"].stringOr();
    if (op == "diff")
        return diffAnswer(request);
    return op == "patch" ? patchAnswer(request) : defaultsAnswer(request);
}

std::string disagreement(const Value &request, const Value &ours, const Value &theirs)
{
    const bool weFail = ours.contains("error");
    const bool theyFail = theirs.contains("error");
    if (weFail && theyFail)
        return {};
    if (weFail != theyFail)
        return "request " + object::toJson(request) + "\nours " + object::toJson(ours) + "\ntheirs "
               + object::toJson(theirs);
    for (const std::string_view part : {"modified", "normalizedLive", "predictedLive", "value"}) {
        if (part == "modified" && !ours.contains("modified"))
            continue;
        const std::string own = object::toJson(ours[part]);
        const std::string other = object::toJson(theirs[part]);
        if (own != other)
            return "request " + object::toJson(request) + "\n" + std::string(part) + "\nours   " + own + "\ntheirs "
                   + other;
    }
    return {};
}

} // namespace tiphys::compare
