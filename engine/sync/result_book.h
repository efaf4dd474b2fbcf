// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/operation.h"
#include "sync/task.h"

#include <map>
#include <string>
#include <vector>

namespace tiphys::sync {

/// Container images that \p object names, in their order: of a pod, a pod template or a cron job.
std::vector<std::string> imagesOf(const object::Object &object);

/// The results of a sync: one entry an object and phase, in order of first appearance.
class ResultBook
{
public:
    explicit ResultBook(std::vector<crd::ResourceResult> results);

    const std::vector<crd::ResourceResult> &results() const { return m_results; }
    bool isEmpty() const { return m_results.empty(); }
    /// Copies status, phase and message of the result of \p task into it, if there is one.
    void annotate(Task &task) const;
    /// Notes what became of \p task, in the task and here. An empty \p message keeps the one before.
    void set(Task &task, crd::ResultCode status, crd::OperationPhase phase, const std::string &message);

private:
    std::vector<crd::ResourceResult> m_results;
    std::map<std::string, std::size_t> m_places; ///< by Task::resultKey
};

} // namespace tiphys::sync
