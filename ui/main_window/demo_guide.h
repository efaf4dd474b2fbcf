// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"
#include "ui/main_window/location.h"

#include <QFrame>

#include <array>
#include <optional>

class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace tiphys::ui {

/// The strip over the pages of the demo cluster: nothing there is real, and five acts are worth a try. A step is ticked when its
/// page was opened or its act was done, in whatever order and by whatever way.
class DemoGuide final : public QFrame
{
    Q_OBJECT

public:
    enum class Step { SeeDrift, ReadWhy, Sync, Promote, Compare };
    static constexpr int kSteps = 5;

    explicit DemoGuide(service::Service &service, QWidget *parent = nullptr);

    /// Tells that \p place is shown now.
    void placeShown(const Location &place);
    bool isDone(Step step) const { return m_done[static_cast<std::size_t>(step)]; }
    /// The first step that is not done; nothing once all are.
    std::optional<Step> nextStep() const;
    QPushButton *nextButton() const { return m_next; }
    QString progress() const;

Q_SIGNALS:
    void openRequested(const tiphys::ui::Location &place);

protected:
    void changeEvent(QEvent *event) override;

private:
    void build();
    void colour();
    /// Looks whether the application and the Rollout of the steps are where a person wanted them.
    void watchActs();
    /// Hides the strip once the demo's context is gone: what is shown then is real.
    void watchContext();
    void finish(Step step);
    void showSteps();
    void fillMenu();
    void openStep(Step step);
    Location placeOf(Step step) const;

    service::Service &m_service;
    std::array<bool, kSteps> m_done{};
    bool m_hasContext = false;                   ///< the demo's context has been seen
    std::optional<service::AppId> m_drifted;     ///< the application of the first steps
    std::optional<service::RolloutId> m_waiting; ///< the Rollout that waits for a promotion
    std::string m_repository;
    QLabel *m_text;
    QPushButton *m_next;
    QToolButton *m_all;
    QMenu *m_menu;
};

} // namespace tiphys::ui
