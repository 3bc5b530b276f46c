// Keeps a fault of one station from taking the window down.

import { Component, type ReactNode } from 'react';
import { useTexts } from '../texts/index.ts';
import { ErrorNote } from '../ui/error-note.tsx';

interface State {
  error: unknown;
}

export class StationBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <Stopped error={this.state.error} onAgain={() => this.setState({ error: null })} />;
  }
}

function Stopped({ error, onAgain }: { error: unknown; onAgain(): void }) {
  const t = useTexts('app');
  return (
    <div className="stack padded">
      <p>{t.stationFailed}</p>
      <ErrorNote error={error} retry={onAgain} />
    </div>
  );
}
