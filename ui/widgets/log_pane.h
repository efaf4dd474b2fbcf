// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_lines.h"
#include "service/pod_logs.h"
#include "service/service.h"

#include <QWidget>

#include <functional>
#include <optional>
#include <vector>

class QAction;
class QActionGroup;
class QComboBox;
class QPlainTextEdit;
class QToolButton;

namespace tiphys::ui {

class FindBar;
class TextLabel;

/// What \p service knows of logs; null where it gives none.
service::PodLogs *podLogsOf(service::Service &service);

/// The log of a container of a pod, read while it is seen: pods and containers to choose from, following, the run before the
/// last restart, times, wrapping, finding, copying, and a sentence on how reading stands.
class LogPane final : public QWidget
{
    Q_OBJECT

public:
    /// \p now is the time that ages count to.
    LogPane(service::Service &service, std::function<service::WallTime()> now, QWidget *parent = nullptr);
    ~LogPane() override;

    /// Offers \p pods, which are those of \p resource. The pod that is looked at stays where it is among them, or \p resource is
    /// the same; else the one in the worst health is taken.
    void setResource(const service::AppId &app, const object::ObjectKey &resource, std::vector<service::TreeNode> pods);
    /// Shows the field of what is looked for, with the cursor in it.
    void startFind();

    QPlainTextEdit *text() const { return m_text; }
    QComboBox *pods() const { return m_podBox; }
    QComboBox *containers() const { return m_containerBox; }
    QToolButton *followButton() const { return m_follow; }
    QAction *previousAction() const { return m_previous; }
    QAction *timesAction() const { return m_times; }
    QAction *wrapAction() const { return m_wrap; }
    QToolButton *copyButton() const { return m_copy; }
    FindBar *findBar() const { return m_find; }
    /// How reading stands, in words.
    QString state() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildChoices();
    void buildBar();
    void buildOptions();
    void connectFind();
    /// Another pod is looked at: what it ran before is another question.
    void choosePod(const object::ObjectKey &pod);
    /// Asks what there is of the chosen pod, and opens its log.
    void ask();
    void open();
    void close();
    void take(const service::LogNews &news);
    void append(const std::vector<service::LogLine> &lines);
    void clearLines();
    void showLines();
    void showPods();
    void showContainers();
    void showState();
    void follow(bool isOn);
    /// Looks through the text from \p from on; the places before stay.
    void lookFor(int from = 0);
    void walkPlaces(int direction);
    void showPlaces();
    void stopFind();
    void copy();

    service::Service &m_service;
    std::function<service::WallTime()> m_now;
    service::AppId m_app;
    object::ObjectKey m_resource;
    std::vector<service::TreeNode> m_pods;
    std::optional<object::ObjectKey> m_pod; ///< the chosen one
    service::LogChoices m_choices;
    service::LogRequest m_request;
    service::LogNews m_news; ///< the newest, without its lines
    service::LogId m_log = 0;
    int m_asked = 0; ///< answers to older questions are dropped
    models::LogLines m_lines;
    std::vector<int> m_places; ///< where what is looked for stands in the text; none while the field is hidden

    QComboBox *m_podBox;
    QComboBox *m_containerBox;
    QToolButton *m_follow;
    QToolButton *m_options;
    QAction *m_previous = nullptr;
    QAction *m_times = nullptr;
    QAction *m_wrap = nullptr;
    QActionGroup *m_tail = nullptr;
    QToolButton *m_copy;
    FindBar *m_find;
    TextLabel *m_state;
    QPlainTextEdit *m_text;
};

} // namespace tiphys::ui
