// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/pass.h"
#include "sync/result_book.h"
#include "sync/task_list.h"

#include <functional>
#include <optional>

namespace tiphys::sync {

/// One pass, run again from its beginning with the answers that are there. Private to passStep.
///
/// Steps that write return Progress: Blocked means that an answer is missing, and everything above returns at once.
class PassRun
{
public:
    PassRun(const PassInput &input, std::span<const BatchResults> answered);
    PassStep run();

private:
    enum class Progress { Done, Blocked };
    enum class Outcome { Successful, Pending, Failed };
    using Tasks = std::vector<Task *>;
    template <typename Predicate>
    Tasks tasksWhere(Predicate predicate)
    {
        Tasks found;
        for (Task &task : m_tasks) {
            if (predicate(task))
                found.push_back(&task);
        }
        return found;
    }
    template <typename Predicate>
    static Tasks filtered(const Tasks &tasks, Predicate predicate)
    {
        Tasks found;
        for (Task *task : tasks) {
            if (predicate(static_cast<const Task &>(*task)))
                found.push_back(task);
        }
        return found;
    }

    // Writes
    Progress perform(Batch batch);
    Progress perform(const Tasks &tasks, const std::function<Write(const Task &)> &writeOf);
    Batch batchOf(const Tasks &tasks, const std::function<Write(const Task &)> &writeOf) const;
    const BatchResults &answers() const { return m_answered[m_next - 1]; }
    Write writeFor(Act act, const Task &task) const;
    Write applyOf(const Task &task, bool isDryRun) const;

    // Preparation
    Progress build();
    Progress adoptRecordedHooks();
    Progress preflight();
    std::optional<Task *> namespaceCreation();
    Tasks withoutUnmodified(const Tasks &tasks) const;

    // Running tasks
    Progress runTasks(const Tasks &tasks, bool isDryRun, Outcome &outcome);
    Progress clearHooks(const Tasks &tasks, bool isDryRun, Outcome &outcome);
    Progress prune(const Tasks &tasks, bool isDryRun, Outcome &outcome);
    Progress create(const Tasks &tasks, bool isDryRun, Outcome &outcome);
    Progress createGroup(const Tasks &group, bool isDryRun, Outcome &outcome);
    std::optional<std::vector<crd::ResourceResult>> recordOf(const ResultBook &book);
    std::optional<std::vector<crd::ResourceResult>> recordOfIntent(const Tasks &tasks, bool isDryRun);
    Progress removeFinalizers(const Tasks &hooks, std::string_view problem, Outcome &outcome);
    Progress deleteHooks(const Tasks &hooks);

    // The pass
    Progress sync();
    Progress terminate();
    Progress stopHook(Task &task, bool &isClean);
    void assessRunning();
    Progress lookForMissing(const Tasks &running);
    Progress endFailed(const Tasks &failHooks, const Tasks &failed, std::string_view message, bool &isComplete);
    Progress runWave(Tasks pending);
    Progress concludeWave(const Tasks &wave, bool hasMore, Outcome outcome);
    void waitFor(const Tasks &tasks, bool isDeletion);
    void end(crd::OperationPhase phase, std::string message);
    Tasks liveHooks(DeletePolicy policy);
    std::pair<crd::OperationPhase, std::string> hookPhaseOf(const object::Object &live, std::string &problem) const;

    const PassInput &m_input;
    const SyncSettings m_settings;
    std::span<const BatchResults> m_answered;
    std::size_t m_next = 0;
    Batch m_needed;
    ResultBook m_book;
    std::vector<crd::ResourceResult> m_recorded; ///< what the Application holds at this point
    std::vector<Task> m_tasks;
    Tasks m_failHooks;        ///< of phase SyncFail
    Tasks m_goneAfterSuccess; ///< hooks to be deleted at a good end, told before the wave runs
    Tasks m_goneAfterFailure; ///< the same for a bad end
    PassEnd m_end;
};

} // namespace tiphys::sync
