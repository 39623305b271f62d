namespace Strake.Images;

/// <summary>
/// Has a registry hold a layer, with as little sent as can be: in a form that the repository has, or that another repository of the same
/// registry lends it; only else the layer's tar is made again from the disk, compressed while it is sent, and its digest remembered.
/// </summary>
/// <remarks>
/// A layer that came as a plain tar goes as one, with its digest. A form that somebody else compressed cannot be made again: where the
/// registry does not have it, the layer goes in a form of ours, and the manifest has another digest then.
/// </remarks>
sealed class LayerPush(IImageLayers layers, IRemoteRepository target)
{
    // More would be asked for in vain, for the most part.
    const int MostForms = 4;
    const int MostMounts = 3;

    const int AheadBytes = 2 << 20;

    /// <summary>Has the registry hold a layer.</summary>
    /// <param name="layer">The layer, held by an ingest.</param>
    /// <param name="known">The forms in which it is known.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops between two blocks; the registry forgets what it has of the layer.</param>
    /// <returns>The form in which the registry has it now, and what the user is told of it once that is recorded.</returns>
    public async Task<(LayerBlob Form, string Status)> RunAsync(PushedLayer layer, LayerBlobs known, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var forms = known.Forms.Where(f => IsPushable(f.Compression)).OrderByDescending(IsInTarget).Take(MostForms).ToList();
        foreach (var form in forms)
        {
            if (await target.HasBlobAsync(form.Digest, cancellationToken)) return (Here(form), "Layer already exists");
        }

        foreach (var (form, from) in Lenders(forms).Take(MostMounts))
        {
            if (await target.TryMountBlobAsync(form.Digest, from, cancellationToken)) return (Here(form), $"Mounted from {from.Path}");
        }

        var isPlain = forms.Exists(f => f.Compression is Compression.None);
        var sent = await SendAsync(layer, isPlain, progress, cancellationToken);
        FaultPoint.Reach("push.layer.sent");
        return (sent, "Pushed");
    }

    // xz and bzip2 come in archives; no registry's client expects them.
    static bool IsPushable(Compression compression) => compression is Compression.None or Compression.Gzip or Compression.Zstd;

    bool IsInTarget(LayerBlob form) => form.Repositories.Contains(target.Reference.Name, StringComparer.Ordinal);

    IEnumerable<(LayerBlob Form, ImageReference From)> Lenders(IEnumerable<LayerBlob> forms) =>
        from form in forms
        from name in form.Repositories
        let repository = ImageReference.Parse(name)
        where string.Equals(repository.Domain, target.Reference.Domain, StringComparison.Ordinal)
            && !string.Equals(repository.Path, target.Reference.Path, StringComparison.Ordinal)
        select (form, repository);

    LayerBlob Here(LayerBlob form) => form with { Repositories = [target.Reference.Name] };

    async Task<LayerBlob> SendAsync(PushedLayer layer, bool isPlain, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        // Each try of the transfer makes the tar again.
        ValueTask<Stream> Open(CancellationToken _) =>
            ValueTask.FromResult<Stream>(new WrittenStream((output, stop) => WriteAsync(layer, isPlain, output, progress, stop), AheadBytes));
        if (isPlain)
        {
            var plain = new Descriptor { MediaType = MediaTypes.DockerPlainLayer, Digest = layer.Record.DiffId.Digest, SizeBytes = layer.Record.TarSizeBytes };
            await target.PushBlobAsync(plain, Open, cancellationToken);
            return new LayerBlob(plain.Digest, plain.SizeBytes, Compression.None, [target.Reference.Name]);
        }

        var sent = await target.PushBlobAsync(Open, cancellationToken);
        return new LayerBlob(sent.Digest, sent.SizeBytes, Compression.Gzip, [target.Reference.Name]);
    }

    async Task WriteAsync(PushedLayer layer, bool isPlain, Stream output, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        if (isPlain)
        {
            await layers.WriteTarAsync(layer.Chain, new Meter(output, layer, progress), cancellationToken);
            return;
        }

        await using var gzip = new GzipEncodingStream(output);
        await layers.WriteTarAsync(layer.Chain, new Meter(gzip, layer, progress), cancellationToken);
        await gzip.CompleteAsync(cancellationToken);
    }

    /// <summary>Passes a tar on and tells how much of it has gone.</summary>
    sealed class Meter(Stream target, PushedLayer layer, IProgress<TransferProgress> progress) : Stream
    {
        long _written;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _written;
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await target.WriteAsync(buffer, cancellationToken);
            _written += buffer.Length;
            progress.Report(new TransferProgress("Pushing", layer.Id, _written, layer.Record.TarSizeBytes));
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
