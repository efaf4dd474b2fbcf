// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/kubeconfig_watcher.h"

#include "kube/credential_source.h"

#include <QDir>
#include <QFileInfo>

#include <chrono>

namespace tiphys::kube {

KubeConfigWatcher::KubeConfigWatcher(std::vector<std::string> paths, std::function<void(const KubeConfig &)> onChange)
    : m_paths(std::move(paths)), m_onChange(std::move(onChange)), m_current(loadKubeConfig(m_paths, readWholeFile))
{
    m_settle.setSingleShot(true);
    m_settle.setInterval(std::chrono::milliseconds(100));
    connect(&m_settle, &QTimer::timeout, this, &KubeConfigWatcher::reload);
    const auto noteChange = [this] { m_settle.start(); };
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, noteChange);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, noteChange);
    watch();
}

void KubeConfigWatcher::watch()
{
    // A file that is replaced is a new one, and its folder tells; so both are watched.
    for (const std::string &path : m_paths) {
        const QFileInfo file(QString::fromStdString(path));
        if (file.exists() && !m_watcher.files().contains(file.absoluteFilePath()))
            m_watcher.addPath(file.absoluteFilePath());
        if (file.dir().exists() && !m_watcher.directories().contains(file.absolutePath()))
            m_watcher.addPath(file.absolutePath());
    }
}

void KubeConfigWatcher::reload()
{
    watch();
    KubeConfig next = loadKubeConfig(m_paths, readWholeFile);
    if (next == m_current)
        return;
    m_current = std::move(next);
    m_onChange(m_current);
}

} // namespace tiphys::kube
