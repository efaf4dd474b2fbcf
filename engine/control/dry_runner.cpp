// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/dry_runner.h"

#include "sync/call.h"

#include <algorithm>

namespace tiphys::control {

using object::Object;

namespace {

constexpr std::size_t kParallelDryRuns = 8;

Error refusal(const DryRun &dryRun, const Error &error)
{
    return error.in(
        "failed to calculate diff: error calculating server side diff: serverSideDiff error: error running server "
        "side apply in dryrun mode for resource "
        + dryRun.key.kind + "/" + dryRun.key.name);
}

} // namespace

Async<Object> DryRunner::ask(ports::ClusterPtr cluster, ports::DiscoveryPtr discovery, DryRun dryRun,
                             CancelToken cancel)
{
    if (const auto known = m_known.find(dryRun.key);
        known != m_known.end() && known->second.asked.liveResourceVersion == dryRun.liveResourceVersion
        && known->second.asked.target.value() == dryRun.target.value())
        co_return known->second.answer;
    const Expected<ports::ResourceType> type = discovery->typeOf(dryRun.target.gvk());
    if (!type)
        co_return std::unexpected(type.error());
    ports::WriteOptions options;
    options.fieldManager = sync::kApplyManager;
    options.dryRun = ports::DryRun::All;
    options.force = ports::Force::Yes;
    options.fieldValidation = ports::FieldValidation::Ignore;
    const Expected<ports::Written> written = co_await cluster->patch(
        {*type, dryRun.key.ns, dryRun.key.name}, {ports::PatchType::Apply, dryRun.target.value()}, options, cancel);
    if (!written)
        co_return std::unexpected(written.error());
    m_known.insert_or_assign(dryRun.key, Known{dryRun, written->object});
    co_return written->object;
}

Async<DryRunAnswers> DryRunner::run(ports::ClusterPtr cluster, ports::DiscoveryPtr discovery,
                                    std::vector<DryRun> dryRuns, CancelToken cancel)
{
    compare::DryRuns answers;
    std::optional<Error> problem;
    for (std::size_t start = 0; start < dryRuns.size() && !problem; start += kParallelDryRuns) {
        // An Async starts at once, so a group of them runs side by side.
        std::vector<Async<Object>> running;
        const std::size_t end = std::min(dryRuns.size(), start + kParallelDryRuns);
        for (std::size_t i = start; i < end; ++i)
            running.push_back(ask(cluster, discovery, dryRuns[i], cancel));
        for (std::size_t i = start; i < end; ++i) {
            const Expected<Object> answer = co_await running[i - start];
            if (answer)
                answers.emplace(dryRuns[i].key, *answer);
            else if (!problem)
                problem = refusal(dryRuns[i], answer.error());
        }
        if (cancel.isCancelled())
            co_return std::unexpected(async::cancelledError());
    }
    std::erase_if(m_known, [&](const auto &known) { return !answers.contains(known.first); });
    if (problem)
        co_return std::make_shared<const Expected<compare::DryRuns>>(std::unexpected(*problem));
    co_return std::make_shared<const Expected<compare::DryRuns>>(std::move(answers));
}

} // namespace tiphys::control
