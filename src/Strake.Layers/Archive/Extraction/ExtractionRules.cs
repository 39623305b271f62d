namespace Strake.Layers.Archive.Extraction;

/// <summary>In what the callers of one extraction differ.</summary>
sealed record ExtractionRules
{
    /// <summary>The form of whiteouts; null: names that begin with .wh. are files like any other.</summary>
    public WhiteoutForm? Whiteouts { get; init; }

    /// <summary>The owner that all files get; null: the entries'.</summary>
    public FileOwner? Owner { get; init; }

    /// <summary>Whether a directory may replace what is none, and the other way round.</summary>
    public bool ReplaceDirectories { get; init; } = true;

    /// <summary>Whether an entry for the root gives it its mode, owner and attributes, although the tree is no layer.</summary>
    public bool SetsRoot { get; init; }

    /// <summary>Whether the tree is a layer: an entry for its root counts, and a directory's entry says all of its attributes.</summary>
    public bool IsLayer => Whiteouts is not null;

    /// <summary>Whether the layer is written without the layers below it: what the tree has, the layer has written.</summary>
    public bool IsAlone => Whiteouts is WhiteoutForm.Overlay or WhiteoutForm.DotWh;
}
