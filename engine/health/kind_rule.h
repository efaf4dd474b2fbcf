// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "health/field.h"

#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace tiphys::health::kinds {

/// Where the message of a verdict comes from; the text of the clause where it says so, or as the last resort.
enum class MessageOf : std::uint8_t { Text, Message, Reason, MessageOrText, MessageOrReason };

/// What one condition decides: type, status and reason must match, an empty one matches any.
struct Clause
{
    std::string_view type;
    std::string_view status;
    std::string_view reason;
    HealthCode health = HealthCode::None;
    MessageOf from = MessageOf::Message;
    std::string_view text = {};
    std::uint8_t pass = 0;             ///< clauses of a later pass see the conditions after all of an earlier one
    std::string_view otherReason = {}; ///< does not match with this reason
};

/// How a rule walks the conditions; they differ for a map where a list belongs.
enum class Walk : std::uint8_t { Items, Each };

/// A verdict by the conditions below `status`: of the first condition that a clause matches, or of none.
struct ConditionRule
{
    std::span<const Clause> clauses;
    std::string_view otherwise;
    HealthCode otherwiseHealth = HealthCode::Progressing;
    /// The field of a condition that is read first; failures name it.
    std::string_view firstRead = "type";
    Walk walk = Walk::Items;
};

/// The verdict of \p rule on \p object.
Health conditionVerdict(const ConditionRule &rule, const Field &object);

/// What one word of a state field means.
struct State
{
    std::string_view word;
    HealthCode health = HealthCode::None;
    std::string_view message;
};

/// Whether an object without status fails or has not reported yet.
enum class StatusNeed : std::uint8_t { Optional, Required };

/// A verdict by the word in `status.<field>`.
struct StateRule
{
    std::string_view field;
    std::span<const State> states;
    std::string_view otherwise;
    StatusNeed need = StatusNeed::Optional;
};

/// A rule that no table can say.
struct OwnRule
{
    Health (*check)(const Field &object);
    /// The rule in words, for docs/health.md.
    std::string_view words;
};

/// The rule of one kind; "*" stands for all kinds of a group, a group that begins with "*." for all that end so.
struct KindRule
{
    std::string_view group;
    std::string_view kind;
    std::variant<ConditionRule, StateRule, OwnRule> rule;
};

/// The verdict of \p rule on \p object; a failure is Unknown with the failure as message.
Health verdictOf(const KindRule &rule, const object::Value &object);

/// The rule in words.
std::string wordsOf(const KindRule &rule);

// The families of rules.
std::span<const KindRule> argoRules();
std::span<const KindRule> certificateRules();
std::span<const KindRule> crossplaneRules();
std::span<const KindRule> databaseRules();
std::span<const KindRule> elasticRules();
std::span<const KindRule> fluxRules();
std::span<const KindRule> gatewayRules();
std::span<const KindRule> keptnRules();
std::span<const KindRule> kruiseRules();
std::span<const KindRule> kubernetesRules();
std::span<const KindRule> machineRules();
std::span<const KindRule> messagingRules();
std::span<const KindRule> numaRules();
std::span<const KindRule> observabilityRules();
std::span<const KindRule> openshiftRules();
std::span<const KindRule> platformRules();
std::span<const KindRule> policyRules();
std::span<const KindRule> promoterRules();
std::span<const KindRule> servingRules();
std::span<const KindRule> sparkRules();
std::span<const KindRule> storageRules();
std::span<const KindRule> threeScaleRules();

} // namespace tiphys::health::kinds
