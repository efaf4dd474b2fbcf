// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <QPointer>

class QAbstractButton;
class QAction;
class QLabel;
class QListView;
class QPlainTextEdit;
class QStackedWidget;
class QTabBar;
class QTreeView;

namespace tiphys::models {
class LadderList;
class MetricList;
class RevisionList;
} // namespace tiphys::models

namespace tiphys::ui {

class Banner;
class ElidedLabel;
class MetricChart;
class RolloutActs;
class RolloutForecast;
class RolloutRevisions;
class RolloutSheet;
class StatusLabel;
class TextLabel;
class TrafficPicture;

/// One Rollout: where it stands, what comes next, where the traffic goes, its versions and analyses, and its acts.
class RolloutPage final : public Page
{
    Q_OBJECT

public:
    enum class Tab { Overview, Revisions, Analysis, Conditions, Simulate };

    explicit RolloutPage(UiContext context, QWidget *parent = nullptr);

    void show(const Location &location) override;
    void leave() override;
    QString title() const override;
    QList<QWidget *> panes() override;
    std::vector<PageCommand> commands() override;
    bool isSettled() const override;
    void tick() override;

    /// Opens the sheet of \p act; does nothing else.
    void openSheet(service::RolloutAct act);
    QAbstractButton *button(service::RolloutAct act) const;
    QAction *action(service::RolloutAct act) const;
    RolloutSheet *sheet() const;
    models::LadderList *ladder() const { return m_ladder; }
    models::RevisionList *revisions() const;
    TrafficPicture *picture() const { return m_picture; }
    QString simulation() const;
    QTabBar *tabs() const { return m_tabs; }

private:
    QWidget *buildHeader();
    QWidget *buildOverview();
    QWidget *buildAnalysis();
    void setTab(Tab tab);
    void update();
    void showHeader();
    void showMetric();
    void showConditions();
    /// Nothing of the Rollout is known yet: nothing of another one may stand on the page.
    void showNothing();
    void simulate();

    service::RolloutId m_id;
    bool m_isOpen = false;
    service::RolloutDetailPtr m_detail;
    QPointer<RolloutSheet> m_sheet;
    QString m_opensAct; ///< the address asks for the sheet of an act

    ElidedLabel *m_name;
    StatusLabel *m_phase;
    RolloutActs *m_acts;
    StatusLabel *m_wait;
    ElidedLabel *m_message;
    ElidedLabel *m_facts;
    Banner *m_banner;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    models::LadderList *m_ladder;
    QListView *m_ladderView;
    TextLabel *m_ladderTitle;
    TrafficPicture *m_picture;
    RolloutRevisions *m_revisions;
    models::MetricList *m_metrics;
    QTreeView *m_metricView;
    MetricChart *m_chart;
    QPlainTextEdit *m_metricText;
    QPlainTextEdit *m_conditions;
    RolloutForecast *m_forecast;
};

} // namespace tiphys::ui
