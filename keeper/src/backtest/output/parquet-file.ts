import { renameSync } from "node:fs";
import { type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";

/** A Parquet file in the making. */
export interface ParquetFile {
  /** Append a row group: the same columns each time. */
  add(columnData: ColumnSource[]): Promise<void>;
  /** The file is there, whole, once this is done. */
  finish(): Promise<void>;
}

/**
 * Begins a Parquet file that is written row group by row group, so that only one is in memory. It is whole, or as it was before.
 *
 * @param file Its path
 */
export function createParquetFile(file: string): ParquetFile {
  const draft = `${file}.new`;
  let writer: ParquetWriter | undefined;
  return {
    async add(columnData) {
      writer ??= new ParquetWriter({ writer: fileWriter(draft), schema: schemaFromColumnData({ columnData }) });
      await writer.write({ columnData, rowGroupSize: columnData[0]!.data.length });
    },
    async finish() {
      if (writer === undefined) return;
      await writer.finish();
      renameSync(draft, file);
    },
  };
}
