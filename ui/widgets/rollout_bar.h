// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/rollouts.h"

#include <QWidget>

#include <functional>
#include <map>
#include <optional>

class QPushButton;

namespace tiphys::service {
class Service;
}

namespace tiphys::ui {

class TextLabel;

/// State and acts of a Rollout inside another page; hidden while it has none. Each button opens the act's sheet.
class RolloutBar final : public QWidget
{
    Q_OBJECT

public:
    RolloutBar(service::Service &service, std::function<service::WallTime()> now, QWidget *parent = nullptr);
    ~RolloutBar() override;

    /// Shows the Rollout \p name of the tree of \p app. It is looked for on the application's own cluster, on the one that is its
    /// destination, and among those that say that they belong to it: one of the same name elsewhere is another one.
    void show(const service::AppRow &app, const std::string &ns, const std::string &name);
    void clear();
    QPushButton *button(service::RolloutAct act) const;

Q_SIGNALS:
    void openRequested(const tiphys::service::RolloutId &rollout);
    void acted(const QString &text);
    /// What was not done after all; one sentence.
    void failed(const QString &text);

private:
    void update();
    void openSheet(service::RolloutAct act);

    service::Service &m_service;
    std::function<service::WallTime()> m_now;
    std::optional<service::RolloutId> m_id;
    TextLabel *m_text;
    std::map<service::RolloutAct, QPushButton *> m_buttons;
};

} // namespace tiphys::ui
