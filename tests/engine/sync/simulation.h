// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/application.h"
#include "object/object.h"
#include "sync/call.h"
#include "sync/operation.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tiphys::sync::test {

/// A cluster in memory that answers calls as an API server does: no controllers, objects become what a test says.
class SimulatedCluster
{
public:
    Reply answer(const Call &call);

    std::map<std::string, object::Object> objects; ///< by ObjectKey::path()
    std::map<std::string, int> creations;          ///< how often "Kind/name" was created
    std::vector<std::string> log;                  ///< writes: "POST ConfigMap/c0"
    std::map<std::string, Error> refusals;         ///< answers by line of the log
    std::vector<std::string> unknownKinds;

    void put(const object::Object &object) { objects[object.key().path()] = object; }
    object::Object find(std::string_view kind, std::string_view name) const;
    /// All objects as "Kind/name", sorted.
    std::vector<std::string> names() const;

private:
    Reply patched(const Call &call, const object::Object &live);
    object::Object stamped(object::Object object);
    void collect();
    static std::string keyOf(const Call &call);
    int m_version = 100;
};

/// One application in a simulated cluster, worked on as the program does it: everything between two writes can be
/// forgotten and is told again from the stored Application.
class SimulatedSync
{
public:
    explicit SimulatedSync(const crd::Application &start);

    SimulatedCluster cluster;
    std::vector<object::Object> targets;             ///< rendered, hooks included
    std::map<std::string, crd::HealthStatus> health; ///< by "Kind/name"; else Jobs are as below, the rest has none
    std::vector<std::string> unmodified;             ///< names of objects that the comparison calls equal
    bool completesJobs = true;                       ///< Jobs are Healthy, else Progressing
    bool recordsHooksFirst = true;
    crd::Timestamp now;
    int waveDelays = 0;
    int writes = 0;                   ///< to cluster and Application
    std::vector<object::Value> trace; ///< of all writes: {call, query, body}

    /// The Application as stored.
    crd::Application app() const;
    void request(std::string_view operation);
    void patchApp(const object::Value &patch);
    /// One look at the operation. Stops without a word after \p mostWrites writes, if given: a crash.
    void look(std::optional<int> mostWrites = {});
    /// Looks until the operation is complete.
    void run();
    /// "Succeeded: message".
    std::string verdict() const;
    /// Lines "phase/Kind/name: status hookPhase message" of the result.
    std::vector<std::string> results() const;

private:
    struct Crash
    {
    };
    void lookOnce();
    PassInput passInput(const crd::OperationState &state) const;
    BatchResults execute(const Batch &batch, const crd::OperationState &state);
    WriteResult execute(const Write &one);
    void write(const std::function<void()> &act);
    void store(const object::Value &patch);

    object::Object m_app;
    std::optional<int> m_left;
};

} // namespace tiphys::sync::test
