using Strake.Images;

namespace Strake.Build;

/// <summary>What a stage begins with.</summary>
/// <param name="Id">The image; of a stage, the one that it would be.</param>
/// <param name="Chain">Its file system; null: an empty one.</param>
/// <param name="Layers">How many layers it has.</param>
/// <param name="Steps">How many steps its history has.</param>
sealed record StageBase(ImageId Id, ChainId? Chain, int Layers, int Steps);
