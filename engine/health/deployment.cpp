// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/checks.h"
#include "health/typed.h"
#include "object/view.h"

namespace tiphys::health {

namespace {

using crd::FieldReader;
using object::View;
using std::to_string;

/// What decides about a Deployment.
struct DeploymentFacts
{
    bool isPaused = false;
    bool isLate = false; ///< past its progress deadline
    std::int64_t generation = 0;
    std::int64_t observed = 0;
    std::optional<std::int64_t> replicas;
    std::int64_t updated = 0;
    std::int64_t existing = 0;
    std::int64_t available = 0;
    std::string_view name;
};

Health deploymentFrom(const DeploymentFacts &facts)
{
    if (facts.isPaused)
        return suspended("Deployment is paused");
    if (facts.generation > facts.observed)
        return progressing(
            "Waiting for rollout to finish: observed deployment generation less than desired generation");
    if (facts.isLate)
        return degraded("Deployment \"" + std::string(facts.name) + "\" exceeded its progress deadline");
    if (facts.replicas && facts.updated < *facts.replicas)
        return progressing("Waiting for rollout to finish: " + to_string(facts.updated) + " out of "
                           + to_string(*facts.replicas) + " new replicas have been updated...");
    if (facts.existing > facts.updated)
        return progressing("Waiting for rollout to finish: " + to_string(facts.existing - facts.updated)
                           + " old replicas are pending termination...");
    if (facts.available < facts.updated)
        return progressing("Waiting for rollout to finish: " + to_string(facts.available) + " of "
                           + to_string(facts.updated) + " updated replicas are available...");
    return healthy();
}

Health deploymentOf(const FieldReader &object)
{
    const FieldReader metadata = object.objectOrEmpty("metadata");
    const FieldReader spec = object.objectOrEmpty("spec");
    const FieldReader status = object.objectOrEmpty("status");
    DeploymentFacts facts;
    facts.replicas = spec.optionalInteger("replicas");
    facts.updated = status.integer("updatedReplicas");
    facts.existing = status.integer("replicas");
    facts.available = status.integer("availableReplicas");
    const std::vector<StatusCondition> conditions = conditionsOf(status);
    facts.isPaused = spec.boolean("paused");
    facts.generation = metadata.integer("generation");
    facts.observed = status.integer("observedGeneration");
    const StatusCondition *progress = findCondition(conditions, "Progressing");
    facts.isLate = progress && progress->reason == "ProgressDeadlineExceeded";
    const std::string name = metadata.text("name");
    facts.name = name;
    return deploymentFrom(facts);
}

// A Deployment whose fields all have the right types, nearly every one, is read in one walk over its members, and
// nothing is copied. What the walk refuses goes to the reader of typed fields, which tells what is wrong.

/// Calls \p read with each member; false once that is, and where \p map is none.
template <typename Read>
bool readMembers(const View &map, Read read)
{
    if (!map.isMap())
        return false;
    for (std::size_t i = 0; i < map.size(); ++i) {
        if (!read(map.keyAt(i), map.valueAt(i)))
            return false;
    }
    return true;
}

/// Sets \p number to the integer \p value, leaves it where that is absent; false for any other type.
bool readInteger(const View &value, std::int64_t &number)
{
    return value.isNull() || value.readInt(number);
}

bool readText(const View &value, std::string_view &text)
{
    text = value.stringOr();
    return value.isNull() || value.isString();
}

bool readMetadata(const View &metadata, DeploymentFacts &facts)
{
    return readMembers(metadata, [&](std::string_view key, const View &value) {
        if (key == "name")
            return readText(value, facts.name);
        return key != "generation" || readInteger(value, facts.generation);
    });
}

bool readSpec(const View &spec, DeploymentFacts &facts)
{
    return readMembers(spec, [&](std::string_view key, const View &value) {
        if (key == "replicas") {
            std::int64_t wanted = 0;
            if (!readInteger(value, wanted))
                return false;
            if (!value.isNull())
                facts.replicas = wanted;
        } else if (key == "paused") {
            facts.isPaused = value.boolOr(false);
            return value.isNull() || value.isBool();
        }
        return true;
    });
}

struct ConditionFacts
{
    std::string_view type;
    std::string_view reason;
};

bool readCondition(const View &condition, ConditionFacts &facts)
{
    return readMembers(condition, [&](std::string_view key, const View &value) {
        std::string_view unused;
        if (key == "type")
            return readText(value, facts.type);
        if (key == "reason")
            return readText(value, facts.reason);
        return (key != "status" && key != "message") || readText(value, unused);
    });
}

/// Whether the first Progressing condition is late.
bool readConditions(const View &conditions, DeploymentFacts &facts)
{
    bool isFound = false;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        ConditionFacts condition;
        if (!readCondition(conditions.at(i), condition))
            return false;
        if (!isFound && condition.type == "Progressing") {
            isFound = true;
            facts.isLate = condition.reason == "ProgressDeadlineExceeded";
        }
    }
    return conditions.isNull() || conditions.isList();
}

bool readStatus(const View &status, DeploymentFacts &facts)
{
    return readMembers(status, [&](std::string_view key, const View &value) {
        if (key == "conditions")
            return readConditions(value, facts);
        if (key == "replicas")
            return readInteger(value, facts.existing);
        if (key == "updatedReplicas")
            return readInteger(value, facts.updated);
        if (key == "availableReplicas")
            return readInteger(value, facts.available);
        return key != "observedGeneration" || readInteger(value, facts.observed);
    });
}

/// The facts of \p object, which is of apps/v1; nothing where a field has another type than it should, or where
/// metadata, spec or status is absent.
std::optional<DeploymentFacts> plainFacts(const View &object)
{
    DeploymentFacts facts;
    int parts = 0;
    const bool isPlain = readMembers(object, [&](std::string_view key, const View &value) {
        if (key == "metadata")
            return ++parts > 0 && readMetadata(value, facts);
        if (key == "spec")
            return ++parts > 0 && readSpec(value, facts);
        if (key == "status")
            return ++parts > 0 && readStatus(value, facts);
        return key != "apiVersion" || value.stringOr() == "apps/v1";
    });
    return isPlain && parts == 3 ? std::optional(facts) : std::nullopt;
}

} // namespace

Expected<Health> deploymentHealth(const object::Object &object)
{
    if (const std::optional<DeploymentFacts> facts = plainFacts(View(object.value())))
        return deploymentFrom(*facts);
    if (object.version() != "v1")
        return unsupportedVersion("Deployment", object);
    return checkTyped("Deployment", object, deploymentOf);
}

} // namespace tiphys::health
