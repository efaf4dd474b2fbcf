// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kube/kubeconfig.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace tiphys::kube {

/// The merged kubeconfig of some files, read again when one of them changes, appears or goes away. kubectl and others
/// empty a file before they write it: one that lost contexts, or cannot be read any more, is looked at twice.
class KubeConfigWatcher : public QObject
{
public:
    /// \p onChange gets each merged configuration that differs from the one before, in this thread.
    KubeConfigWatcher(std::vector<std::string> paths, std::function<void(const KubeConfig &)> onChange);

    const KubeConfig &current() const { return m_current; }

private:
    void watch();
    void reload();

    std::vector<std::string> m_paths;
    std::function<void(const KubeConfig &)> m_onChange;
    KubeConfig m_current;
    QFileSystemWatcher m_watcher;
    QTimer m_settle;          ///< editors write in several steps
    bool m_isDoubted = false; ///< what was read last may be half of it
};

} // namespace tiphys::kube
