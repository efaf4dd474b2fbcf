// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/kind_rule.h"

#include "base/text.h"

#include <algorithm>

namespace tiphys::health::kinds {

namespace {

bool matches(std::string_view expected, const Field &found)
{
    return expected.empty() || found == expected;
}

bool matches(const Clause &clause, const Field &condition)
{
    return matches(clause.type, condition["type"]) && matches(clause.status, condition["status"])
           && matches(clause.reason, condition["reason"])
           && (clause.otherReason.empty() || !(condition["reason"] == clause.otherReason));
}

Health verdictOf(const Clause &clause, const Field &condition)
{
    switch (clause.from) {
    case MessageOf::Text: return verdict(clause.health, clause.text);
    case MessageOf::Message: return verdict(clause.health, condition["message"]);
    case MessageOf::Reason: return verdict(clause.health, condition["reason"]);
    case MessageOf::MessageOrText: return verdict(clause.health, condition["message"].orElse(clause.text));
    case MessageOf::MessageOrReason: {
        const Field message = condition["message"];
        return verdict(clause.health, message.orElse(condition["reason"]));
    }
    }
    return noStatus();
}

Health check(const ConditionRule &rule, const Field &object)
{
    return conditionVerdict(rule, object);
}

Health check(const StateRule &rule, const Field &object)
{
    const Field status = object["status"];
    if (status.exists() || rule.need == StatusNeed::Required) {
        const Field word = status[rule.field];
        for (const State &state : rule.states) {
            if (word == state.word)
                return verdict(state.health, state.message);
        }
    }
    return progressing(rule.otherwise);
}

Health check(const OwnRule &rule, const Field &object)
{
    return rule.check(object);
}

std::string quotedText(std::string_view text)
{
    return "\"" + std::string(text) + "\"";
}

std::string messageWords(const Clause &clause)
{
    switch (clause.from) {
    case MessageOf::Text: return clause.text.empty() ? std::string() : quotedText(clause.text);
    case MessageOf::Message: return "its message";
    case MessageOf::Reason: return "its reason";
    case MessageOf::MessageOrText: return "its message or " + quotedText(clause.text);
    case MessageOf::MessageOrReason: return "its message or reason";
    }
    return {};
}

std::string withMessage(HealthCode health, const std::string &message)
{
    return "**" + std::string(crd::text(health)) + "**" + (message.empty() ? "" : " (" + message + ")");
}

std::string words(const ConditionRule &rule)
{
    std::string out;
    std::uint8_t pass = 0;
    for (const Clause &clause : rule.clauses) {
        if (!out.empty())
            out += clause.pass == pass ? "; " : "; then ";
        pass = clause.pass;
        out += "`" + std::string(clause.type) + (clause.status.empty() ? "" : "=" + std::string(clause.status)) + "`";
        if (!clause.reason.empty())
            out += " with reason `" + std::string(clause.reason) + "`";
        if (!clause.otherReason.empty())
            out += " with a reason other than `" + std::string(clause.otherReason) + "`";
        out += " is " + withMessage(clause.health, messageWords(clause));
    }
    return "Conditions: " + out + "; else " + withMessage(rule.otherwiseHealth, quotedText(rule.otherwise)) + ".";
}

std::string words(const StateRule &rule)
{
    std::string out = "`status." + std::string(rule.field) + "`: ";
    for (const State &state : rule.states)
        out += "`" + std::string(state.word) + "` is " + withMessage(state.health, quotedText(state.message)) + "; ";
    out += "else " + withMessage(HealthCode::Progressing, quotedText(rule.otherwise)) + ".";
    if (rule.need == StatusNeed::Required)
        out += " Without `status` the check fails.";
    return out;
}

std::string words(const OwnRule &rule)
{
    return std::string(rule.words);
}

} // namespace

Health conditionVerdict(const ConditionRule &rule, const Field &object)
{
    const Field status = object["status"];
    const Field conditions = status.exists() ? status["conditions"] : status;
    if (conditions.exists()) {
        const std::uint8_t passes = rule.clauses.empty() ? 1 : rule.clauses.back().pass + 1;
        for (std::uint8_t pass = 0; pass < passes; ++pass) {
            for (const auto &[key, condition] : rule.walk == Walk::Each ? conditions.each() : conditions.items()) {
                (void)condition[rule.firstRead];
                for (const Clause &clause : rule.clauses) {
                    if (clause.pass == pass && matches(clause, condition))
                        return verdictOf(clause, condition);
                }
            }
        }
    }
    return verdict(rule.otherwiseHealth, rule.otherwise);
}

Health verdictOf(const KindRule &rule, const object::Value &object)
{
    Evaluation evaluation;
    const Field root(object::View(object), &evaluation);
    Health health = std::visit([&](const auto &one) { return check(one, root); }, rule.rule);
    if (evaluation.hasFailed())
        return {HealthCode::Unknown, evaluation.failure(), true, false};
    return health;
}

std::string wordsOf(const KindRule &rule)
{
    return std::visit([](const auto &one) { return words(one); }, rule.rule);
}

} // namespace tiphys::health::kinds
