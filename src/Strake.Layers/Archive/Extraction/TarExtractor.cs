using Microsoft.Win32.SafeHandles;
using Strake.Images.Tar;
using Strake.Layers.Archive.Split;
using Strake.Linux;

namespace Strake.Layers.Archive.Extraction;

/// <summary>Takes a tar apart piece by piece: its files go below a directory, all else into the split record.</summary>
sealed class TarExtractor : IDisposable
{
    readonly SafeFileHandle _root;
    readonly TarDecoder _decoder;
    readonly EntryExtraction _extraction;
    readonly SplitRecordWriter? _record;
    bool _inEntry;

    public TarExtractor(SafeFileHandle root, ExtractionRules rules, TarLimits limits, SplitRecordWriter? record, ExtractionNotes notes)
    {
        _root = root;
        _decoder = new TarDecoder(limits);
        _record = record;
        _extraction = new EntryExtraction(root, rules, record, notes);
    }

    /// <summary>Takes the next piece.</summary>
    /// <exception cref="StrakeException">As <see cref="LayerApply.ApplyAsync"/> says; names the entry.</exception>
    public void Take(ReadOnlySpan<byte> input) => Translating(input, static (extractor, piece) => extractor.TakePiece(piece));

    /// <summary>Ends the extraction, after the last piece.</summary>
    public ExtractionResult Finish()
    {
        ExtractionResult? result = null;
        Translating(default, (extractor, _) =>
        {
            extractor.TakePiece(default);
            extractor._decoder.Complete();
            extractor._inEntry = false;
            result = extractor._extraction.Finish();
        });
        return result!;
    }

    public void Dispose() => _extraction.Dispose();

    void TakePiece(ReadOnlySpan<byte> input)
    {
        while (true)
        {
            var token = _decoder.Read(input, out var consumed);
            var bytes = input[..consumed];
            input = input[consumed..];
            if (token == TarToken.Content) TakeContent(bytes);
            else _record?.Structure(bytes);
            if (token == TarToken.NeedInput) return;
            if (token == TarToken.Entry) TakeEntry();
            if (token == TarToken.EntryEnd) EndEntry();
        }
    }

    void TakeEntry()
    {
        _inEntry = true;
        try
        {
            _extraction.Begin(_decoder.Entry);
        }
        catch (StrakeException fault)
        {
            throw ExtractionErrors.Name(fault, _decoder.Entry);
        }
    }

    void TakeContent(ReadOnlySpan<byte> bytes)
    {
        _extraction.Write(_decoder.ContentOffset, bytes);
        if (_extraction.ContentPath is { } path) _record?.Content(path, _decoder.ContentOffset, bytes);
        else _record?.Structure(bytes);
    }

    void EndEntry()
    {
        try
        {
            _extraction.End();
        }
        catch (StrakeException fault)
        {
            throw ExtractionErrors.Name(fault, _decoder.Entry);
        }
        _inEntry = false;
    }

    void Translating(ReadOnlySpan<byte> input, Piece take)
    {
        try
        {
            take(this, input);
        }
        catch (LinuxException error)
        {
            throw ExtractionErrors.Translate(error, _inEntry ? _decoder.Entry : null, _root);
        }
        catch (IOException error) when (ExtractionErrors.IsNoSpace(error))
        {
            throw ExtractionErrors.NoSpace(_root, "writing the layer's record", error);
        }
    }

    delegate void Piece(TarExtractor extractor, ReadOnlySpan<byte> input);
}
