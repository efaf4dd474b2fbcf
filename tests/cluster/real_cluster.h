// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "kube/connect.h"

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <string>

namespace tiphys::cluster_test {

/// etcd and a real API server of its own, ended with this object.
class RealCluster
{
public:
    RealCluster();
    ~RealCluster();

    /// Starts it. False with \c reason set if the real tools are not built.
    bool start();
    const std::string &reason() const { return m_reason; }
    /// Runs `./dev cluster` for this cluster; true for exit code 0.
    bool run(const QStringList &arguments);
    /// What the kubeconfig of admin, readonly, editor or none says.
    kube::Target target(const std::string &identity);
    /// An empty folder for files of tests.
    QString folder() const { return m_folder.path(); }

private:
    int dev(const QStringList &arguments);

    QTemporaryDir m_folder;
    bool m_isUp = false;
    std::string m_reason;
};

} // namespace tiphys::cluster_test
