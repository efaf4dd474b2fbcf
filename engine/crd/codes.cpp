// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/codes.h"

#include <array>

namespace tiphys::crd {

namespace {

constexpr std::array<std::string_view, 4> kSyncCodes{"", "Synced", "OutOfSync", "Unknown"};
constexpr std::array<std::string_view, 7> kHealthCodes{"",        "Healthy",  "Suspended", "Progressing",
                                                       "Missing", "Degraded", "Unknown"};
constexpr std::array<std::string_view, 6> kPhases{"", "Running", "Terminating", "Succeeded", "Failed", "Error"};
constexpr std::array<std::string_view, 5> kResultCodes{"", "Synced", "SyncFailed", "Pruned", "PruneSkipped"};

template <typename Code, std::size_t N>
Code codeOf(const std::array<std::string_view, N> &words, std::string_view text)
{
    for (std::size_t i = 0; i < N; ++i) {
        if (words[i] == text)
            return static_cast<Code>(i);
    }
    return Code::None;
}

} // namespace

std::string_view text(SyncCode code)
{
    return kSyncCodes[static_cast<std::size_t>(code)];
}

SyncCode syncCodeOf(std::string_view text)
{
    return codeOf<SyncCode>(kSyncCodes, text);
}

std::string_view text(HealthCode code)
{
    return kHealthCodes[static_cast<std::size_t>(code)];
}

HealthCode healthCodeOf(std::string_view text)
{
    return codeOf<HealthCode>(kHealthCodes, text);
}

std::string_view text(OperationPhase phase)
{
    return kPhases[static_cast<std::size_t>(phase)];
}

OperationPhase operationPhaseOf(std::string_view text)
{
    return codeOf<OperationPhase>(kPhases, text);
}

bool isCompleted(OperationPhase phase)
{
    return phase == OperationPhase::Succeeded || phase == OperationPhase::Failed || phase == OperationPhase::Error;
}

std::string_view text(ResultCode code)
{
    return kResultCodes[static_cast<std::size_t>(code)];
}

ResultCode resultCodeOf(std::string_view text)
{
    return codeOf<ResultCode>(kResultCodes, text);
}

ConditionSeverity severityOf(std::string_view conditionType)
{
    if (conditionType.ends_with("Error"))
        return ConditionSeverity::Error;
    return conditionType.ends_with("Warning") ? ConditionSeverity::Warning : ConditionSeverity::Info;
}

} // namespace tiphys::crd
