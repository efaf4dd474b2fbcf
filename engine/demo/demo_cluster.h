// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "demo/fault.h"
#include "demo/store.h"
#include "ports/clock.h"

#include <QString>
#include <QThread>
#include <QUrl>

#include <functional>
#include <memory>

namespace tiphys::demo {

/// How a demo cluster is made.
struct DemoOptions
{
    quint16 port = 0;                    ///< 0 takes a free one
    double speed = 1;                    ///< how much faster than usual pods start and jobs end
    std::uint64_t seed = 1;              ///< makes uids and generated names
    const ports::Clock *clock = nullptr; ///< null: the system's; else it must outlive the cluster
    bool hasSample = true;               ///< the sample applications and repositories
    int generatedApplications = 0;       ///< further applications in namespace argocd, without workloads
    QString folder;                      ///< where kubeconfig and repositories are kept; "": a temporary one that goes
                                         ///< away with the cluster
};

/// A small Kubernetes cluster in this process: an API server on 127.0.0.1 with controllers, in a thread of its own. The
/// object belongs to the thread that made it.
class DemoCluster
{
public:
    /// Starts the cluster and returns once it answers. Errors: Unavailable for a port that is taken, InvalidInput for a
    /// folder that cannot be written.
    static Expected<std::unique_ptr<DemoCluster>> start(const DemoOptions &options = {});
    /// Stops it and removes the kubeconfig.
    ~DemoCluster();
    DemoCluster(const DemoCluster &) = delete;
    DemoCluster &operator=(const DemoCluster &) = delete;

    /// "http://127.0.0.1:PORT".
    QUrl address() const;
    /// A kubeconfig with the contexts `demo` (may do everything), `demo-readonly` and `demo-none`.
    QString kubeconfigPath() const;
    /// The folder of the sample repositories.
    QString repositoriesPath() const;

    /// Runs \p work on the objects, in the cluster's thread, and waits; watches see what it changed.
    void run(const std::function<void(Store &)> &work);
    /// Lets the next requests that fit fail.
    void inject(const Fault &fault);
    /// Ends every open watch, as a pulled cable does.
    void cutWatches();
    /// Forgets history: watches that begin at older revisions get 410.
    void compact();
    /// Requests so far; "" for any method, and for any path.
    int requestCount(std::string_view method = "", std::string_view pathPart = "");
    int openWatches();

private:
    class Core;
    DemoCluster();

    QString m_folder;
    bool m_ownsFolder = false;
    quint16 m_port = 0;
    QThread m_thread;
    std::unique_ptr<Core> m_core;
    std::unique_ptr<ports::Clock> m_ownClock;
};

} // namespace tiphys::demo
