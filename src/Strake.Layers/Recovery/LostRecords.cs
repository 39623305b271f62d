namespace Strake.Layers;

/// <summary>
/// Tells records that were lost from records that are new. A store claims its driver, durably, before it makes its first layer: layers on
/// disk without that claim were recorded elsewhere, in a file that is gone, was emptied, or was replaced by a new one. Taken for leftovers,
/// all of them would be removed.
/// </summary>
static class LostRecords
{
    /// <summary>Refuses a data root whose layers no record can ever have named. Changes nothing, so that it is refused again.</summary>
    /// <param name="options">The store's.</param>
    /// <param name="records">Its records, not claimed yet.</param>
    /// <param name="files">Its files; their folders need not be there.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">DataLoss: says what is there, and both ways out.</exception>
    public static async Task RefuseAsync(LayerStoreOptions options, LayerRecords records, LayerFiles files, CancellationToken cancellationToken)
    {
        if (!await records.AreNewAsync(cancellationToken)) return;
        var layers = options.Driver.List().Count;
        // Those of another driver's layers too: whoever chose another one together with new records must not lose them either.
        var splits = files.ListSplits().Count;
        if (layers + splits == 0) return;

        var root = options.DataRoot;
        throw StrakeException.DataLoss(
            $"{root} holds {layers} layers of {options.Driver.Name} and {splits} split records, and its records know nothing of them: "
            + $"{root}/strake.db was lost or replaced. Nothing was touched. Put strake.db back from a backup; or, to begin anew without "
            + $"these images and containers, move {root}/{options.Driver.Name}, {root}/image and {root}/containers away (volumes are kept)");
    }
}
