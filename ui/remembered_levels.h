// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"

#include <QObject>

#include <set>
#include <string>
#include <utility>

namespace tiphys::ui {

class Settings;

/// Gives each context the level that the person chose for it earlier, once: those that are there now, and those that a
/// changed kubeconfig brings. Both must live longer.
class RememberedLevels final : public QObject
{
public:
    RememberedLevels(service::Service &service, const Settings &settings, QObject *parent = nullptr);

private:
    void restore();

    service::Service &m_service;
    const Settings &m_settings;
    std::set<std::pair<std::string, std::string>> m_done; ///< context and server
};

} // namespace tiphys::ui
