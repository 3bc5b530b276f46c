// The defect pictures that are learned from, by type, with their masks.

import { mediaUrl } from '../../api/index.ts';
import { useTexts } from '../../texts/index.ts';
import { Picture } from '../../ui/index.ts';
import type { Preflight } from './use-forecast.ts';

export function Shots({ preflight }: { preflight: Preflight | undefined }) {
  const t = useTexts('fine-tune');
  if (preflight === undefined || preflight.shots.length === 0) return null;
  const { shots, normals, heldOut } = preflight;
  const types = [...new Set(shots.map(({ type }) => type))];
  return (
    <section className="fine-tune-section" aria-labelledby="fine-tune-shots">
      <h3 id="fine-tune-shots">{t.learnsFrom}</h3>
      <p className="small soft">
        {types.includes('')
          ? t.learnsFromGood(shots.length)
          : t.learnsFromCount(shots.length, normals, heldOut)}
      </p>
      {types.map((type) => (
        <div key={type} className="fine-tune-shots">
          <span className="small ellipsis" title={type}>
            {type === '' ? t.good : type}
          </span>
          <ul>
            {shots
              .filter((shot) => shot.type === type)
              .map(({ id, file }) => (
                <li key={id} title={file}>
                  <Picture of={{ kind: 'picture', id }} size={128} alt={file} />
                  {type !== '' && (
                    <div
                      className="fine-tune-mask"
                      style={{ maskImage: `url("${mediaUrl({ kind: 'picture-mask', id }, { size: 128 })}")` }}
                    />
                  )}
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
