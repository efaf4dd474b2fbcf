// SPDX-License-Identifier: GPL-3.0-or-later
#include "health/promoter.h"

namespace tiphys::health::kinds {

namespace {

std::string deletingMessage(const Opening &opening, const Field &object)
{
    std::string message(opening.deleting);
    const Field finalizers = object["metadata"]["finalizers"];
    if (opening.finalizers.empty() || !finalizers.isTruthy())
        return message;
    for (const auto &[key, finalizer] : finalizers.items()) {
        for (const FinalizerNote &note : opening.finalizers) {
            if (finalizer == note.name)
                message += " " + std::string(note.name) + ": " + std::string(note.wait)
                           + " Risk if removed manually: " + std::string(note.risk);
        }
    }
    return message;
}

bool isStale(const Field &condition, const Field &object)
{
    const Field observed = condition["observedGeneration"];
    return observed.isTruthy() && object["metadata"]["generation"].isTruthy()
           && !(observed == object["metadata"]["generation"]);
}

} // namespace

std::optional<Health> openingVerdict(const Opening &opening, const Field &object)
{
    Evaluation &evaluation = object.evaluation();
    if (object["metadata"]["deletionTimestamp"].isTruthy())
        return progressing(deletingMessage(opening, object));
    const Field status = object["status"];
    if (!status.isTruthy())
        return progressing(opening.initializing);
    bool isReadyKnown = false;
    const Field conditions = status["conditions"];
    if (conditions.isTruthy()) {
        for (const auto &[key, condition] : conditions.items()) {
            const Field type = condition["type"];
            if (!(type == "Ready") && (opening.alsoType.empty() || !(type == opening.alsoType)))
                continue;
            isReadyKnown = true;
            if (isStale(condition, object))
                return progressing(opening.unobserved);
            const Field message = condition["message"];
            const Field reason = condition["reason"];
            const Term reasonText = reason.orElse("Unknown");
            if (condition["status"] == "False") {
                const Term text = message.orElse("Unknown error");
                if (reason == "ReconciliationError")
                    return degraded(concat(evaluation, {opening.failed, text}));
                return degraded(concat(evaluation, {opening.failedReason, reasonText, "): ", text}));
            }
            if (!opening.unknownReason.empty() && condition["status"] == "Unknown")
                return progressing(
                    concat(evaluation, {opening.unknownReason, reasonText, "): ", message.orElse("Unknown")}));
        }
    }
    if (!isReadyKnown)
        return progressing(opening.notReady);
    return std::nullopt;
}

std::string shortSha(const Field &sha)
{
    if (!sha.isTruthy() || sha == "")
        return {};
    return textArgument(sha.evaluation(), sha, "len").substr(0, 7);
}

CommitStatuses commitStatusesOf(const Field &list)
{
    CommitStatuses statuses;
    if (!list.isTruthy())
        return statuses;
    for (const auto &[key, status] : list.items()) {
        const Field phase = status["phase"];
        const Field name = status["key"];
        if (phase == "pending") {
            ++statuses.pending;
            if (name.exists())
                statuses.pendingKeys.emplace_back(name);
        } else if (phase == "success") {
            ++statuses.successful;
        } else if (phase == "failure") {
            ++statuses.failed;
            if (name.exists())
                statuses.failedKeys.emplace_back(name);
        }
    }
    return statuses;
}

std::string countsText(const CommitStatuses &statuses)
{
    return std::to_string(statuses.pending) + " pending, " + std::to_string(statuses.successful) + " successful, "
           + std::to_string(statuses.failed) + " failed. ";
}

std::string keysText(Evaluation &evaluation, const CommitStatuses &statuses)
{
    std::string text;
    if (statuses.pending > 0)
        text += "Pending commit statuses: " + join(evaluation, statuses.pendingKeys, ", ") + ". ";
    if (statuses.failed > 0)
        text += "Failed commit statuses: " + join(evaluation, statuses.failedKeys, ", ") + ". ";
    return text;
}

bool hasDrySha(const Field &field)
{
    return field.isTruthy() && field["dry"].isTruthy() && field["dry"]["sha"].isTruthy()
           && !(field["dry"]["sha"] == "");
}

} // namespace tiphys::health::kinds
