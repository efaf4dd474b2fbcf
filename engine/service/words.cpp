// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/words.h"

#include <array>
#include <utility>

namespace tiphys::service {

namespace {

constexpr std::array kSync{std::pair{SyncStatus::Synced, std::string_view("Synced")},
                           std::pair{SyncStatus::OutOfSync, std::string_view("OutOfSync")},
                           std::pair{SyncStatus::Unknown, std::string_view("Unknown")}};
constexpr std::array kHealth{std::pair{HealthStatus::Healthy, std::string_view("Healthy")},
                             std::pair{HealthStatus::Suspended, std::string_view("Suspended")},
                             std::pair{HealthStatus::Progressing, std::string_view("Progressing")},
                             std::pair{HealthStatus::Missing, std::string_view("Missing")},
                             std::pair{HealthStatus::Degraded, std::string_view("Degraded")},
                             std::pair{HealthStatus::Unknown, std::string_view("Unknown")},
                             std::pair{HealthStatus::None, std::string_view("")}};
constexpr std::array kPhase{std::pair{OperationPhase::None, std::string_view("")},
                            std::pair{OperationPhase::Running, std::string_view("Running")},
                            std::pair{OperationPhase::Terminating, std::string_view("Terminating")},
                            std::pair{OperationPhase::Succeeded, std::string_view("Succeeded")},
                            std::pair{OperationPhase::Failed, std::string_view("Failed")},
                            std::pair{OperationPhase::Error, std::string_view("Error")}};

template <typename Table, typename Key>
std::string_view wordIn(const Table &table, Key key)
{
    for (const auto &[value, text] : table) {
        if (value == key)
            return text;
    }
    return {};
}

template <typename Table, typename Key>
Key valueIn(const Table &table, std::string_view word, Key fallback)
{
    for (const auto &[value, text] : table) {
        if (text == word)
            return value;
    }
    return fallback;
}

} // namespace

std::string_view word(SyncStatus status)
{
    return wordIn(kSync, status);
}

std::string_view word(HealthStatus status)
{
    return wordIn(kHealth, status);
}

std::string_view word(OperationPhase phase)
{
    return wordIn(kPhase, phase);
}

std::string_view word(Reconciler reconciler)
{
    switch (reconciler) {
    case Reconciler::Controller: return "controller";
    case Reconciler::Local: return "local";
    case Reconciler::OtherDesktop: return "other desktop";
    case Reconciler::Nobody: return "nobody";
    case Reconciler::ControllerUnknown: return "controller unknown";
    }
    return {};
}

SyncStatus syncStatusOf(std::string_view word)
{
    return valueIn(kSync, word, SyncStatus::Unknown);
}

HealthStatus healthStatusOf(std::string_view word)
{
    return valueIn(kHealth, word, HealthStatus::Unknown);
}

OperationPhase operationPhaseOf(std::string_view word)
{
    return valueIn(kPhase, word, OperationPhase::None);
}

} // namespace tiphys::service
