// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/decision_writer.h"
#include "demo/store.h"
#include "rollout/analysis/analysis.h"
#include "rollout/provider/provider.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace tiphys::demo {

/// Sends a request and calls back once with the answer, at once or later, in the same thread.
using Ask = std::function<void(const rollout::provider::HttpCall &, std::function<void(rollout::provider::HttpReply)>)>;

/// The AnalysisRuns of the demo cluster: `rollout::decideRun` over the store, measurements by the engine's providers. Jobs
/// are the cluster's own; what is on the network is asked by an Ask. No timers, no threads.
class AnalysisController
{
public:
    explicit AnalysisController(Store &store) : m_store(&store), m_writer(store) {}

    /// From now on runs are measured; until then they wait.
    void measureBy(Ask ask) { m_ask = std::move(ask); }
    /// One pass over every AnalysisRun. Gives when to look again though nothing changes; nothing if never.
    std::optional<ports::WallTime> step();
    /// True if answers came since the last step.
    bool hasNews() const { return *m_hasNews; }

private:
    struct Measuring;

    void pass(const object::Object &run);
    rollout::RunObserved observe(const object::Object &run) const;
    void begin(const rollout::AnalysisRun &run, const std::vector<rollout::MeasurementRequest> &requests);
    void ask(const std::shared_ptr<Measuring> &measuring, const rollout::MeasurementRequest &request);
    rollout::Measurement jobMeasured(const rollout::AnalysisRun &run, const rollout::MeasurementRequest &request);
    rollout::provider::SecretValues secret(const std::string &ns, const std::string &name) const;
    void lookAgainAt(ports::WallTime moment);

    Store *m_store;
    DecisionWriter m_writer;
    Ask m_ask;
    std::map<std::string, std::shared_ptr<Measuring>> m_measuring; ///< by uid of the run
    std::shared_ptr<bool> m_hasNews = std::make_shared<bool>(false);
    std::optional<ports::WallTime> m_again;
};

} // namespace tiphys::demo
