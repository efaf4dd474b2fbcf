// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/comparison_tree.h"
#include "service/comparison_acts.h"
#include "ui/pages/page.h"

class QComboBox;
class QPushButton;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace tiphys::ui {

class Banner;
class CompareInputs;
class DiffText;
class EmptyPane;
class TextLabel;

/// Two revisions of a repository, rendered and compared; no cluster needed.
class ComparePage final : public Page
{
    Q_OBJECT

public:
    explicit ComparePage(UiContext context, QWidget *parent = nullptr);

    /// Options: repo, a, b, mode (branch | tree). With repo and a it compares at once.
    void show(const Location &location) override;
    QString title() const override;
    QList<QWidget *> panes() override;
    std::vector<KeyHelp> keys() const override;
    void startFilter() override;
    bool stepBack() override;
    void refresh(bool isHard) override;
    bool isSettled() const override { return !m_isRunning; }

    QPushButton *compareButton() const;
    QTreeView *results() const { return m_view; }
    DiffText *diff() const { return m_diff; }
    EmptyPane *emptyPane() const { return m_empty; }
    /// What is missing, with the button that fetches it.
    Banner *missingBanner() const { return m_missing; }
    /// Whether helm and kustomize of this machine agree.
    QToolButton *verifyButton() const { return m_verify; }
    Banner *verdictBanner() const { return m_verdict; }
    QString summary() const;

private:
    QWidget *buildResults();
    void run(service::Fetching fetching = service::Fetching::No);
    void cancel();
    void showResult(const Expected<service::ComparisonAnswer> &result);
    void showUnmatched();
    void showSummary();
    void verify();
    void showVerdicts(const Expected<std::vector<service::ToolVerdict>> &verdicts);
    void regroup();
    void showCurrent();
    void updateButton();
    void saveAs(const QString &text, const QString &suffix);

    CompareInputs *m_inputs;
    TextLabel *m_summary;
    QComboBox *m_grouping;
    QToolButton *m_export;
    QToolButton *m_verify;
    Banner *m_unmatched;
    Banner *m_missing;
    Banner *m_verdict;
    QStackedWidget *m_stack;
    EmptyPane *m_empty;
    QTreeView *m_view;
    models::ComparisonTree *m_model;
    DiffText *m_diff;
    service::ComparisonPtr m_comparison;
    service::CompareRequest m_running;  ///< what is or was last asked for
    service::CompareRequest m_compared; ///< what m_comparison is of
    bool m_isRunning = false;
    bool m_isVerifying = false;
    int m_asked = 0;
};

} // namespace tiphys::ui
