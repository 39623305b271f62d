using System.Runtime.InteropServices;

namespace Strake.Images.Codecs;

/// <summary>A context of libzstd, freed when closed.</summary>
sealed class ZstdDecoderHandle : SafeHandle
{
    public ZstdDecoderHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => ZstdLibrary.FreeDecoder(handle) == 0;
}
