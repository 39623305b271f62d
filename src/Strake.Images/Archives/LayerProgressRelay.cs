namespace Strake.Images;

/// <summary>Turns the progress of one layer into that of an archive.</summary>
sealed class LayerProgressRelay(IProgress<LayerProgress> target, string name, long totalBytes) : IProgress<long>
{
    public void Report(long value) => target.Report(new LayerProgress(name, value, totalBytes));
}
