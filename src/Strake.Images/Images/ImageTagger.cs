namespace Strake.Images;

/// <summary>Gives images names.</summary>
sealed class ImageTagger(ImageRecords records, ImageResolver resolver, ImageEvents events, ChangeTurns turns, TimeProvider clock)
{
    /// <summary>Gives an image a name, taking it from the image that had it.</summary>
    public async Task TagAsync(string name, ImageReference target, CancellationToken cancellationToken)
    {
        if (target.Digest is not null) throw StrakeException.Invalid("refusing to create a tag with a digest reference");
        target = target.OrLatest();
        ImageRecord record;
        ImageId id;
        using (await turns.TakeAsync(cancellationToken))
        {
            id = await resolver.GetAsync(name, cancellationToken);
            var found = await records.FindAsync(id, cancellationToken) ?? throw ImageResolver.NoSuchImage(name);
            record = found.Value with { TaggedAt = clock.GetUtcNow() };
            var transaction = new StateTransaction();
            records.PutImage(transaction, id, record);
            records.PutName(transaction, target, id);
            await records.CommitAsync(transaction, $"tagging {name}", cancellationToken);
        }

        events.Publish("tag", id, record.Labels, target.Familiar);
    }
}
